"""Filters of lists of follow-ups of pairs."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.follow_ups import FollowUpKind, FollowUpState
from matchmaking.models import FollowUp
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
