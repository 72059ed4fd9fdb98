"""Filters of the ledger."""

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.web.forms import FilterForm
from rights.choices.cases import LedgerKind
from rights.models import CaseLedgerEntry


class LedgerFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("What is counted"), choices=LedgerKind.choices)

    class Meta:
        model = CaseLedgerEntry
        form = FilterForm
        fields = []
