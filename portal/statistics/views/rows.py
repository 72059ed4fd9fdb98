"""The business rows behind a figure: those the actor may see, and the number of the others."""

import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.figures import Ratio
from portal.statistics import showing
from portal.statistics.selectors import figures, rows
from portal.statistics.tables import RowTable
from portal.statistics.views.explorer import AskedMixin
from portal.web.views import ListView


def row_address(indicator, row):
    """Return the URL of the page of a row, or '' where it has none."""
    if indicator.row_url is not None:
        return indicator.row_url(row)
    way = getattr(row, "get_absolute_url", None)
    return way() if way else ""


class LinkedRowTable(RowTable):
    """Rows with a link to the page of each."""

    def __init__(self, *args, indicator, **kwargs):
        self.indicator = indicator
        super().__init__(*args, **kwargs)

    class Meta(RowTable.Meta):
        pass

    def render_row(self, record):
        address = row_address(self.indicator, record)
        words = f"{record._meta.verbose_name} {record.pk}" if str(record) == "" else str(record)
        return format_html('<a href="{}">{}</a>', address, words) if address else words

    measured = tables.Column(
        verbose_name=_("Count"), accessor="figure_value", orderable=False, attrs={"td": {"class": "number"}}
    )


class FigureRowsView(AskedMixin, ListView):
    """The rows behind a figure; their number, total or distinct persons is the figure."""

    cost = "figures"
    area = Area.STATISTICS
    table_class = LinkedRowTable
    template_name = "statistics/figure_rows.html"
    title = _("Rows behind a figure")
    narrowed = False
    empty_title = _("You may not see any rows of this figure")
    empty_text = _("The figure is valid; its rows belong to organisations or people outside your responsibility.")
    export_columns = (
        (_("Row"), str),
        (_("Organisation"), "figure_place_name"),
        (_("Day"), "figure_day"),
        (_("Count"), "figure_value"),
    )

    def dispatch(self, request, *args, **kwargs):
        # The list view needs its model first, and the URL determines it.
        if request.user.is_authenticated:
            self.prepare(request)
        return super().dispatch(request, *args, **kwargs)

    def prepare(self, request):
        """Set the model of the rows from the indicator that the URL names; 404 for an unknown one or a ratio."""
        from_address = rows.known(request.GET.get("code", ""))
        if from_address is None or isinstance(from_address.figure, Ratio):
            raise Http404
        self.model = from_address.figure.rows().model

    def get_queryset(self):
        self.opening = rows.opening(self.request.user, self.indicator, self.node, self.period)
        if not self.opening.opens:
            raise PermissionDenied
        return rows.described(self.indicator, self.opening.visible).order_by("-figure_day", "pk")

    def get_table_kwargs(self):
        return {**super().get_table_kwargs(), "indicator": self.indicator}

    def get_table_pagination(self, table):
        return {**super().get_table_pagination(table), "counted": self.opening.count}

    def can_create(self):
        return False

    def export_area(self):
        return self.indicator.area

    def export_title(self):
        return f"{self.words.name} {self.node.label} {self.period.title}"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        total = figures.values([self.code], [self.node.pk], self.period)[self.code, self.node.pk]
        return context | {
            "subtitle": f"{self.words.name} · {self.node.label} · {self.period.title}",
            "total": showing.shown(self.code, self.node, self.period, total),
            "hidden": self.opening.hidden,
            "explorer_url": showing.explorer_url(self.code, self.node, self.period),
        }
