"""Export of the explorer's table as a workbook; outside the reporting line small numbers are hidden."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from portal.audit.services import audit_record
from portal.core.errors import DomainError
from portal.core.figures import Ratio
from portal.core.periods import Period, PeriodKind
from portal.exchange.export import safe_cell, sheet_title
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures
from portal.statistics.suppression import Hidden, hidden_cells, is_small

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from portal.members.models import Member
    from portal.organizations.models import Organization
    from portal.statistics.asking import Words
    from portal.statistics.selectors.figures import Cell, Table
    from portal.statistics.suppression import Place

PUBLISHED_KINDS = (PeriodKind.QUARTER, PeriodKind.YEAR)
SMALL = "<5"
OWN, TOTAL = "own", "total"


def hidden_words(why: Hidden) -> str:
    """Return the text that is shown in place of a hidden number."""
    return SMALL if why == Hidden.SMALL else _("not shown")


@transaction.atomic
def table_take_out(
    *, actor: Member, code: str, words: Words, node: Organization, period: Period, outside: bool
) -> bytes:
    """Return the table of an indicator by child as a workbook (bytes), and audit the export.

    ``outside``: the table leaves the reporting line, so it contains only whole quarters and years and no number of 1 to
    4.
    """
    if outside and period.kind not in PUBLISHED_KINDS:
        raise DomainError(
            _("Outside the reporting line, only figures for quarters and years are given."), code="period"
        )
    if outside and period.end >= timezone.localdate():
        raise DomainError(
            _("Outside the reporting line, figures are only given for periods that are over."), code="period"
        )
    table = figures.table(code, node, period)
    rows = _for_outside(code, node, period, table) if outside else _as_shown(code, table)
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_title(code)
    lines: list[list[object]] = [
        [words.name, code],
        [node.name, period.title],
        [words.definition],
        [_("Exported on %(day)s") % {"day": timezone.localdate().isoformat()}],
        [],
        [_("Organisation"), f"{words.name} ({words.unit})"],
        *rows,
    ]
    for line in lines:
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


def _lines(table: Table) -> list[tuple[int | str, Cell]]:
    """Return (id or OWN or TOTAL, Cell) for each line of the table, the total last."""
    own = [(OWN, table.own)] if table.own.value else []
    return [*((child.pk, cell) for child, cell in table.children.items()), *own, (TOTAL, table.total)]


def _label(place: int | str, names: Mapping[int, str]) -> str:
    if isinstance(place, int) and place in names:
        return names[place]
    return _("This organisation itself") if place == OWN else _("Total")


def _as_shown(code: str, table: Table) -> list[list[object]]:
    names = {child.pk: child.name for child in table.children}
    return [[_label(place, names), _number(code, cell.value)] for place, cell in _lines(table)]


def _number(code: str, value: Decimal | int | None) -> float | str:
    """Return a figure for a workbook cell; ratios are rounded as on the page."""
    if value is None:
        return _("no data")
    figure = indicators()[code].figure
    if isinstance(figure, Ratio):
        exact = Decimal(value)
        return float(round(exact * 100, 1)) if figure.percent else float(round(exact, 1))
    return float(value) if value != int(value) else int(value)


def _for_outside(code: str, node: Organization, period: Period, table: Table) -> list[list[object]]:
    """Return label and text of each line, for use outside the reporting line.

    For a flow, a quarter and its year are judged together, because each gives the other away once both are published.
    """
    lines = _lines(table)
    parts = indicators()[code].figure
    codes = (parts.numerator, parts.denominator) if isinstance(parts, Ratio) else (code,)
    hidden: dict[int, Hidden] = {}
    for number, part in enumerate(codes):
        values = [
            (cell.parts[number].value if cell.parts else None) if len(codes) == 2 else cell.value for _pk, cell in lines
        ]
        kind = indicators()[part].kind
        if kind == "people":
            hidden |= _hidden_people([int(value or 0) for value in values])
        elif kind == "flow":
            hidden |= _hidden_of_year(part, node, period, [pk for pk, _cell in lines])
        else:
            hidden |= _hidden([values[:-1]])
    if len(codes) == 2:
        hidden = dict.fromkeys(hidden, Hidden.WITH_IT)
    names = figures.labels([place for place, _cell in lines if isinstance(place, int)])
    return [
        [_label(pk, names), hidden_words(hidden[at]) if at in hidden else _number(code, cell.value)]
        for at, (pk, cell) in enumerate(lines)
    ]


def _hidden_of_year(code: str, node: Organization, period: Period, places: Sequence[int | str]) -> dict[int, Hidden]:
    """Return position -> reason for the cells of a flow that are hidden in a quarter or a year.

    They are judged together with all quarters of the year.
    """
    first = Period.of(PeriodKind.QUARTER, date(period.start.year, 1, 1))
    quarters = [first.moved(3 * step) for step in range(4)]
    found = figures.by_child([code], node, quarters)
    columns = [[_whole(cells.get((code, None if pk == OWN else pk))) for pk in places[:-1]] for cells in found]
    column = 4 if period.kind == PeriodKind.YEAR else quarters.index(period)
    return _hidden(columns, column)


def _hidden_people(values: Sequence[int]) -> dict[int, Hidden]:
    """Return position -> reason for the hidden counts of distinct people; the last count is the total.

    The counts do not add up, but the total is at most the sum of the parts, which would give a lower bound for a single
    hidden part. So the smallest of the other parts is hidden too, or the total where there is no other part.
    """
    hidden = {at: Hidden.SMALL for at, value in enumerate(values) if is_small(value)}
    others = [at for at, value in enumerate(values[:-1]) if value and at not in hidden]
    if hidden.keys() - {len(values) - 1}:
        beside = min(others, key=lambda at: (values[at], at)) if others else len(values) - 1
        hidden.setdefault(beside, Hidden.WITH_IT)
    return hidden


def _whole(cell: Cell | None) -> int:
    return int(cell.value or 0) if cell is not None else 0


def _hidden(columns: Iterable[Iterable[Decimal | int | None]], column: int = 0) -> dict[int, Hidden]:
    """Return position -> reason for the hidden cells in one of ``columns``.

    The cells add up in both directions. A single column is its own total, so it is not judged across.
    """
    cells = [list(map(int, (value or 0 for value in row))) for row in zip(*columns, strict=True)]
    if not cells:
        return {}
    return {at: why for (at, to), why in judged(cells).items() if to == column}


@lru_cache(maxsize=512)
def _judged(cells: tuple[tuple[int, ...], ...]) -> dict[Place, Hidden]:
    return hidden_cells([list(row) for row in cells])


def judged(cells: Iterable[Iterable[int]]) -> dict[Place, Hidden]:
    """Return ``hidden_cells`` of rows of numbers; a table that was judged before is read from a cache."""
    return _judged(tuple(map(tuple, cells)))


def published_text(cell: int | str) -> str:
    """Return a cell of a published table as text: a number, or the text in place of a hidden one."""
    return f"{cell:,}" if isinstance(cell, int) else hidden_words(Hidden(cell))
