"""Columns that many tables use."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.web.templatetags.portal_ui import badge


class StateColumn(tables.Column):
    """A column with the badge of a state.

    ``waiting`` are the states that wait for the reader, or a function of the row; their badge shows this.
    """

    def __init__(self, *, waiting=(), **kwargs):
        self.waiting = waiting
        super().__init__(**{"verbose_name": _("State"), **kwargs})

    def render(self, record, bound_column):
        *way, name = str(bound_column.accessor).split("__")
        row = record
        for part in way:
            row = getattr(row, part)
        state = getattr(row, name)
        waits = self.waiting(record) if callable(self.waiting) else state in self.waiting
        return badge(state, getattr(row, f"get_{name}_display")(), tone="wait" if waits else None)


class PlaceColumn(tables.Column):
    """A column with the short name of an organisation, sorted by its pinyin."""

    def __init__(self, **kwargs):
        super().__init__(**{"order_by": ("organization__pinyin", "pk"), **kwargs})

    def render(self, value):
        return value.label
