"""Published figures: computed once, when figures change or a quarter ends, and stored as shown.

The public page reads these rows and decides nothing itself. The recount writes them in its transaction.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Min
from django.utils import timezone

from portal.core.periods import Period, PeriodKind, months_after
from portal.organizations.models import Organization
from portal.statistics.models import Figure, PublishedYear
from portal.statistics.registry import indicators
from portal.statistics.selectors import figures
from portal.statistics.suppression import hidden_cells, with_totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.core.figures import Indicator
    from portal.statistics.selectors.figures import Cell

FIRST_YEAR = 2015


def is_published(indicator: Indicator) -> bool:
    """Return whether an indicator is on the public page: it is declared public and is additive."""
    return indicator.public and indicator.kind == "flow"


def quarters_over(year: int) -> list[Period]:
    """Return the quarters of a year that are over."""
    start = date(year, 1, 1)
    quarters = [Period.of(PeriodKind.QUARTER, months_after(start, 3 * step)) for step in range(4)]
    return [quarter for quarter in quarters if quarter.end < timezone.localdate()]


def publish(first: int = FIRST_YEAR, last: int | None = None) -> None:
    """Compute and store what is published of the years from ``first`` to ``last`` (default: this year).

    Years before the first figures are left out.
    """
    this_year = timezone.localdate().year
    root = Organization.objects.filter(parent=None).first()
    codes = [code for code, indicator in indicators().items() if is_published(indicator)]
    begun = Figure.objects.filter(indicator__in=codes).aggregate(Min("month"))["month__min"]
    first = max(first, FIRST_YEAR, min(begun.year, this_year) if begun else this_year)
    for year in range(first, min(last or this_year, this_year) + 1):
        quarters = quarters_over(year)
        tables = _tables(codes, root, quarters) if root is not None and quarters else {}
        PublishedYear.objects.update_or_create(year=year, defaults={"quarters": len(quarters), "tables": tables})


def publish_if_due() -> bool:
    """Publish again if a quarter has ended since, or nothing is published yet; return whether it did."""
    year = timezone.localdate().year
    if PublishedYear.objects.filter(year=year, quarters=len(quarters_over(year))).exists():
        return False
    publish()
    return True


def _tables(codes: Sequence[str], root: Organization, quarters: Sequence[Period]) -> dict[str, dict[str, object]]:
    """Return code -> places (ids, None is the root's own part) and cells of each published table.

    A cell is a number, or the reason why it is hidden; the last row and the last column are totals.
    """
    found = figures.by_child(codes, root, quarters)
    names = figures.labels({pk for cells in found for _code, pk in cells if pk is not None})
    made: dict[str, dict[str, object]] = {}
    for code in codes:
        places: list[int | None] = [pk for pk in names if any((code, pk) in cells for cells in found)]
        if any(_whole(cells.get((code, None))) for cells in found):
            places.append(None)
        cells = [[_whole(some.get((code, pk))) for some in found] for pk in places]
        made[code] = {"places": places, "cells": _shown(cells) if cells else []}
    return made


def _shown(cells: list[list[int]]) -> list[list[int | str]]:
    hidden = hidden_cells(cells)
    return [
        [str(hidden[at, to]) if (at, to) in hidden else value for to, value in enumerate(row)]
        for at, row in enumerate(with_totals(cells))
    ]


def _whole(cell: Cell | None) -> int:
    return int(cell.value or 0) if cell is not None else 0
