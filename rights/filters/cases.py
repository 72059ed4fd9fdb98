"""Filters of cases."""

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.web.forms import FilterForm
from rights.choices.cases import CaseCategory, CaseState
from rights.models import RightsCase


class CaseFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=CaseState.choices)
    category = django_filters.ChoiceFilter(label=_("What it is about"), choices=CaseCategory.choices)

    class Meta:
        model = RightsCase
        form = FilterForm
        fields = []
