"""Filters of safety incidents."""

import django_filters
from django.utils.translation import gettext_lazy as _

from childcare.choices.incidents import IncidentKind, IncidentState
from childcare.models import Incident
from portal.web.forms import FilterForm


class IncidentFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=IncidentKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=IncidentState.choices)

    class Meta:
        model = Incident
        form = FilterForm
        fields = []
