"""Filters of lists of demands for events."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.demands import DemandState
from matchmaking.models import EventDemand, EventTheme
from portal.web.forms import FilterForm

ASKED = (("unit", _("the unit")), ("single", _("a single")))


class DemandFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=DemandState.choices)
    theme = django_filters.ModelChoiceFilter(label=_("Theme"), queryset=EventTheme.objects.all())
    asked = django_filters.ChoiceFilter(label=_("Requested by"), choices=ASKED, method="by_asked")

    class Meta:
        model = EventDemand
        form = FilterForm
        fields = []

    def by_asked(self, queryset, name, value):
        return queryset.filter(on_behalf_of_unit=value == "unit")
