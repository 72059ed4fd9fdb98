"""Filters of lists of venues."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.venues import VenueKind
from matchmaking.models import Venue
from portal.organizations.models import Region
from portal.web.forms import FilterForm

USED = (("yes", _("in use")), ("no", _("not in use")))


class VenueFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name"), lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=VenueKind.choices)
    region = django_filters.ModelChoiceFilter(
        label=_("City"), queryset=Region.objects.filter(level=2, statistical=False), method="by_region"
    )
    capacity = django_filters.NumberFilter(label=_("Minimum capacity"), lookup_expr="gte", min_value=0, max_value=20000)
    used = django_filters.ChoiceFilter(label=_("State"), choices=USED, method="by_used")

    class Meta:
        model = Venue
        form = FilterForm
        fields = []

    def by_region(self, queryset, name, value):
        """Filter by a city and its counties."""
        return queryset.filter(region__code__startswith=value.code[:4])

    def by_used(self, queryset, name, value):
        return queryset.filter(active=value == "yes")
