"""Filters of lists of budgets and costs of events."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventBudget
from portal.web.forms import FilterForm


class BudgetFilter(django_filters.FilterSet):
    year = django_filters.NumberFilter(label=_("Year"), min_value=2000, max_value=2100)
    place = django_filters.CharFilter(
        label=_("Organisation name"), field_name="organization__name", lookup_expr="icontains"
    )

    class Meta:
        model = EventBudget
        form = FilterForm
        fields = []
