"""Filters for the lists of organisations and employers."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Level
from portal.core.text import clean_line
from portal.organizations.choices import LEVELS, EmploymentForm, Industry, OrganizationKind, Ownership
from portal.organizations.models import Employer, Organization
from portal.web.forms import FilterForm


def second_level(request):
    """Return the organisations directly below the province that the reader may see."""
    if request is None:
        return Organization.objects.none()
    seen = Organization.objects.visible_to(request.user)
    return seen.filter(parent__isnull=False, parent__parent=None).order_by("path")


class OrganizationFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name or pinyin"), method="by_name")
    second = django_filters.ModelChoiceFilter(label=_("Second level"), queryset=second_level, method="by_second")
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Level.choices, method="by_level")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OrganizationKind.choices)
    employment_form = django_filters.ChoiceFilter(label=_("Form of employment"), choices=EmploymentForm.choices)
    industry = django_filters.ChoiceFilter(label=_("Industry"), choices=Industry.choices)
    ownership = django_filters.ChoiceFilter(label=_("Ownership"), choices=Ownership.choices)

    class Meta:
        model = Organization
        form = FilterForm
        fields = []

    def by_name(self, queryset, name, value):
        return queryset.named(value)

    def by_second(self, queryset, name, value):
        return queryset.under(value)

    def by_level(self, queryset, name, value):
        return queryset.filter(kind__in=[kind for kind, level in LEVELS.items() if str(level.value) == value])


class EmployerFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name"), method="by_name")
    uscc = django_filters.CharFilter(label=_("Social credit code"), lookup_expr="istartswith")

    class Meta:
        model = Employer
        form = FilterForm
        fields = []

    def by_name(self, queryset, name, value):
        words = clean_line(value)
        return queryset.filter(Q(name__contains=words) | Q(pinyin__startswith=words.lower())) if words else queryset
