"""Filters of follow-ups, weddings, publicity and the hotline."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.after import (
    CoupleState,
    FollowUpKind,
    FollowUpState,
    Medium,
    NominationState,
    TicketKind,
    TicketState,
    WeddingState,
)
from matchmaking.models import FollowUp, GroupWedding, HotlineTicket, MediaRelease, Nomination, WeddingCouple
from portal.core.form_fields import DayFilter
from portal.web.forms import FilterForm


class FollowUpFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=FollowUpState.choices)
    late = django_filters.ChoiceFilter(
        label=_("Due"), choices=[("over", _("Overdue")), ("week", _("Due within a week"))], method="by_day"
    )
    event = django_filters.CharFilter(label=_("Event"), field_name="pair__event__title", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=FollowUpKind.choices)
    matchmaker = django_filters.CharFilter(label=_("Matchmaker"), method="by_matchmaker")

    class Meta:
        model = FollowUp
        form = FilterForm
        fields = []

    def by_day(self, queryset, _name, value):
        today = timezone.localdate()
        if value == "over":
            return queryset.overdue(today)
        return queryset.due().filter(due_on__range=(today, today + timezone.timedelta(days=7)))

    def by_matchmaker(self, queryset, _name, value):
        sides = [queryset.filter(**{f"pair__{side}__matchmaker__member__name": value}) for side in ("one", "two")]
        return sides[0] | sides[1]


class WeddingFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=WeddingState.choices)

    class Meta:
        model = GroupWedding
        form = FilterForm
        fields = []


class CoupleFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[choice for choice in CoupleState.choices if choice[0] != CoupleState.ASKED]
    )

    class Meta:
        model = WeddingCouple
        form = FilterForm
        fields = []


class NominationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=NominationState.choices)
    medium = django_filters.ChoiceFilter(label=_("Medium"), choices=Medium.choices)
    programme = django_filters.CharFilter(label=_("Programme or column"), lookup_expr="icontains")

    class Meta:
        model = Nomination
        form = FilterForm
        fields = []


class ReleaseFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    medium = django_filters.ChoiceFilter(label=_("Medium"), choices=Medium.choices)
    since = DayFilter(field_name="published_on", lookup_expr="gte", label=_("From day"))
    until = DayFilter(field_name="published_on", lookup_expr="lte", label=_("To day"))

    class Meta:
        model = MediaRelease
        form = FilterForm
        fields = []


class TicketFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=TicketState.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind of matter"), choices=TicketKind.choices)
    late = django_filters.ChoiceFilter(label=_("Due"), choices=[("over", _("Overdue"))], method="by_day")
    subject = django_filters.CharFilter(label=_("Subject"), lookup_expr="icontains")

    class Meta:
        model = HotlineTicket
        form = FilterForm
        fields = []

    def by_day(self, queryset, _name, value):
        return queryset.open().filter(due_on__lt=timezone.localdate()) if value == "over" else queryset
