"""Tables of statistics."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _


class RowTable(tables.Table):
    """The table of the business rows behind a figure."""

    row = tables.Column(verbose_name=_("Row"), empty_values=(), orderable=False)
    place = tables.Column(verbose_name=_("Organisation"), accessor="figure_place_name", orderable=False)
    day = tables.DateColumn(verbose_name=_("Day"), accessor="figure_day", format="Y-m-d", orderable=False)
    measured = tables.Column(verbose_name=_("Count"), accessor="figure_value", orderable=False)

    class Meta:
        fields = ("row", "place", "day", "measured")

    def render_row(self, record):
        return str(record)
