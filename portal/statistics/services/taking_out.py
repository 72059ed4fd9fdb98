"""The explorer's table as a workbook; outside the reporting line small numbers are hidden."""

import io

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from portal.audit.services import audit_record
from portal.core.errors import DomainError
from portal.core.figures import Ratio, Stock
from portal.core.periods import PeriodKind
from portal.exchange.export import safe_cell, sheet_title
from portal.statistics import selectors
from portal.statistics.registry import indicators
from portal.statistics.suppression import Hidden, hidden_cells, is_small

PUBLISHED_KINDS = (PeriodKind.QUARTER, PeriodKind.YEAR)
SMALL = "<5"


def hidden_words(why):
    """Return what stands in the place of a hidden number."""
    return SMALL if why == Hidden.SMALL else _("not shown")


@transaction.atomic
def table_take_out(*, actor, code, words, node, period, outside):
    """Return the table of an indicator by child as the bytes of a workbook, and note that it was taken out.

    ``outside``: it leaves the reporting line, so that it holds whole quarters and years alone and no number of 1 to 4.
    """
    if outside and period.kind not in PUBLISHED_KINDS:
        raise DomainError(_("Outside the reporting line only quarters and years are given."), code="period")
    table = selectors.table(code, node, period)
    rows = _as_shown(code, table) if not outside else _for_outside(code, table)
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_title(code)
    for line in (
        [words.name, code],
        [node.name, period.title],
        [words.definition],
        [_("Taken out on %(day)s") % {"day": timezone.localdate().isoformat()}],
        [],
        [_("Organisation"), f"{words.name} ({words.unit})"],
        *rows,
    ):
        sheet.append([safe_cell(value) for value in line])
    for row in (1, 6):
        for cell in sheet[row]:
            cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width = 36
    sheet.column_dimensions["B"].width = 24
    out = io.BytesIO()
    book.save(out)
    audit_record(
        actor=actor,
        action="figures.take-out",
        about=node,
        data={"code": code, "period": str(period), "outside": outside},
    )
    return out.getvalue()


def _lines(table):
    """Return (label, Cell) of what the table holds, the total last."""
    own = [(_("Its own"), table.own)] if table.own.value else []
    return [*((child.name, cell) for child, cell in table.children.items()), *own, (_("Total"), table.total)]


def _as_shown(code, table):
    return [[label, _number(code, cell.value)] for label, cell in _lines(table)]


def _number(code, value):
    """Return a figure for a cell: ratios rounded as the page rounds them."""
    if value is None:
        return _("no data")
    figure = indicators()[code].figure
    if isinstance(figure, Ratio):
        return float(round(value * 100, 1)) if figure.percent else float(round(value, 1))
    return float(value) if value != int(value) else int(value)


def _for_outside(code, table):
    lines = _lines(table)
    figure = indicators()[code].figure
    if isinstance(figure, Ratio):
        hidden = {}
        for part in (0, 1):
            hidden |= _hidden([cell.parts[part].value if cell.parts else None for _label, cell in lines])
        hidden = dict.fromkeys(hidden, Hidden.WITH_IT)
    elif indicators()[code].kind == "people":
        # Different people do not add up, so a hidden one is not computed from the others.
        hidden = {at: Hidden.SMALL for at, (_label, cell) in enumerate(lines) if is_small(cell.value or 0)}
    else:
        hidden = _hidden([cell.value for _label, cell in lines])
    return [
        [label, hidden_words(hidden[at]) if at in hidden else _number(code, cell.value)]
        for at, (label, cell) in enumerate(lines)
    ]


def _hidden(values):
    """Return position -> why of what is hidden of a column whose last value is the total of the others."""
    whole = [int(value or 0) for value in values[:-1]]
    if not whole:
        return {0: Hidden.SMALL} if values and is_small(int(values[-1] or 0)) else {}
    return {at: why for (at, to), why in hidden_cells([[value] for value in whole]).items() if to == 0}


def is_published(indicator):
    """Say whether an indicator stands on the page that anyone reads: additive ones that are declared so."""
    return indicator.public and not isinstance(indicator.figure, Ratio | Stock)
