"""Filters of class terms."""

import django_filters
from django.utils.translation import gettext_lazy as _

from childcare.choices.terms import TermState
from childcare.models import ClassTerm
from portal.organizations.models import Region
from portal.web.forms import FilterForm


class ClassFindFilter(django_filters.FilterSet):
    """Filters classes by city, including its counties."""

    region = django_filters.ModelChoiceFilter(
        label=_("City"), queryset=Region.objects.filter(level=2, statistical=False), method="by_region"
    )

    class Meta:
        model = ClassTerm
        form = FilterForm
        fields = []

    def by_region(self, queryset, name, value):
        return queryset.filter(site__region__code__startswith=value.code[:4])


class TermFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(label=_("Title"), lookup_expr="icontains")
    site = django_filters.CharFilter(label=_("Care site"), field_name="site__name", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=TermState.choices)

    class Meta:
        model = ClassTerm
        form = FilterForm
        fields = []
