"""Filters of rights stations."""

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Region
from portal.web.forms import FilterForm
from rights.choices.stations import HostKind, StationState
from rights.models import RightsStation


class StationFindFilter(django_filters.FilterSet):
    """Filters stations by city, including its counties."""

    region = django_filters.ModelChoiceFilter(
        label=_("City"), queryset=Region.objects.filter(level=2, statistical=False), method="by_region"
    )

    class Meta:
        model = RightsStation
        form = FilterForm
        fields = []

    def by_region(self, queryset, name, value):
        return queryset.filter(region__code__startswith=value.code[:4])


class StationFilter(StationFindFilter):
    name = django_filters.CharFilter(label=_("Name"), lookup_expr="icontains")
    host_kind = django_filters.ChoiceFilter(label=_("Kind of host"), choices=HostKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=StationState.choices)
