"""Filters of settlements of classes."""

import django_filters
from django.utils.translation import gettext_lazy as _

from childcare.models import TermResult
from portal.web.forms import FilterForm


class ResultFilter(django_filters.FilterSet):
    site = django_filters.CharFilter(label=_("Care site"), field_name="term__site__name", lookup_expr="icontains")
    year = django_filters.NumberFilter(
        label=_("Year"), field_name="ended_on", lookup_expr="year", min_value=2000, max_value=2100
    )
    confirmed = django_filters.ChoiceFilter(
        label=_("Confirmed"), choices=[("1", _("Yes")), ("0", _("No"))], method="by_confirmed"
    )

    class Meta:
        model = TermResult
        form = FilterForm
        fields = []

    def by_confirmed(self, queryset, name, value):
        return queryset.filter(confirmed_at__isnull=value == "0")
