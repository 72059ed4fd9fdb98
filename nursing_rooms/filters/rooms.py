"""Filters of nursing rooms."""

import django_filters
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import RoomState, RoomType
from nursing_rooms.models import NursingRoom
from portal.locations.seats import elsewhere
from portal.organizations.models import Region
from portal.web.forms import FilterForm


class RoomFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name"), lookup_expr="icontains")
    region = django_filters.ModelChoiceFilter(
        label=_("City"), queryset=Region.objects.filter(level=2, statistical=False), method="by_region"
    )
    room_type = django_filters.ChoiceFilter(label=_("Type"), choices=RoomType.choices)
    is_public = django_filters.ChoiceFilter(
        label=_("Open to the public"), choices=[("1", _("Yes")), ("0", _("No"))], method="by_public"
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=RoomState.choices)
    lacking = django_filters.ChoiceFilter(
        label=_("Missing or doubtful"),
        choices=[
            ("place", _("No position")),
            ("hours", _("Hours not known")),
            ("region", _("Position in another city")),
        ],
        method="by_lacking",
    )

    reports = django_filters.ChoiceFilter(
        label=_("Reports"), choices=[("open", _("Open reports"))], method="by_reports"
    )

    class Meta:
        model = NursingRoom
        form = FilterForm
        fields = []

    def by_region(self, queryset, name, value):
        return queryset.filter(region__code__startswith=value.code[:4])

    def by_public(self, queryset, name, value):
        return queryset.filter(is_public=value == "1")

    def by_reports(self, queryset, name, value):
        return queryset.standing().troubled()

    def by_lacking(self, queryset, name, value):
        if value == "region":
            return queryset.standing().filter(elsewhere())
        return queryset.standing().filter(**{f"{'longitude' if value == 'place' else 'hours'}__isnull": True})
