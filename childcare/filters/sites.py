"""Filters of care sites."""

import django_filters
from django.utils.translation import gettext_lazy as _

from childcare.choices.sites import RunMode, SiteState
from childcare.models import CareSite
from portal.web.forms import FilterForm


class SiteFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name"), lookup_expr="icontains")
    run_mode = django_filters.ChoiceFilter(label=_("Run by"), choices=RunMode.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=SiteState.choices)

    class Meta:
        model = CareSite
        form = FilterForm
        fields = []
