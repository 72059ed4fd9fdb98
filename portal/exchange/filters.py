"""Filters of imports."""

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.exchange.choices import RunState
from portal.exchange.models import ImportRun
from portal.exchange.registers import registers
from portal.web.forms import FilterForm


def _registers():
    return [(register.code, register.title) for register in registers().values()]


class ImportRunFilter(django_filters.FilterSet):
    """Filters the import history by list and state."""

    register = django_filters.ChoiceFilter(label=_("List"), choices=_registers, empty_label=_("All lists"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=RunState.choices, empty_label=_("All states"))

    class Meta:
        model = ImportRun
        form = FilterForm
        fields = ("register", "state")
