"""Filters of the register of organisations."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_line
from portal.organizations.choices import EmploymentForm, OrganizationKind
from portal.organizations.models import Organization
from portal.web.forms import FilterForm


class OrganizationFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name"), method="by_name")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OrganizationKind.choices)
    employment_form = django_filters.ChoiceFilter(label=_("Form of employment"), choices=EmploymentForm.choices)

    class Meta:
        model = Organization
        form = FilterForm
        fields = []

    def by_name(self, queryset, name, value):
        words = clean_line(value)
        return queryset.filter(Q(name__contains=words) | Q(pinyin__startswith=words.lower())) if words else queryset
