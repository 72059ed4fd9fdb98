"""Figures of organisations by indicator and period, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from portal.core.figures import Ratio
from portal.core.periods import Period, PeriodKind
from portal.organizations.models import Organization, OrganizationLine
from portal.statistics.models import Figure, IndicatorDefinition, PeopleFigure, RangeCount
from portal.statistics.registry import indicators

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

if TYPE_CHECKING:
    Codes = Sequence[str]
if TYPE_CHECKING:
    Periods = Sequence[Period]


@dataclass(frozen=True)
class Cell:
    """One figure; a ratio also has its two parts.

    ``value`` is None where no row was ever counted up to the end of the period. ``pending`` is true while the people of
    a free range have not been counted yet.
    """

    value: Decimal | int | None = None
    parts: tuple[Cell, ...] = ()
    pending: bool = False


@dataclass(frozen=True)
class Table:
    """An indicator at a node: its total, its own part (None for people), and its children by path."""

    total: Cell
    own: Cell
    children: dict[Organization, Cell] = field(default_factory=dict)


# The key is the code of an indicator and further keys, such as an organisation's pk.
Cells = dict[tuple[Any, ...], Cell]


def definitions() -> dict[str, IndicatorDefinition]:
    """Return code -> the definition that administrators wrote for an indicator."""
    return IndicatorDefinition.objects.in_bulk()


def stock_period(period: Period) -> Period:
    """Return ``period`` as far as stocks are known: an open one ends with the current month."""
    today = Period.of(PeriodKind.MONTH, timezone.localdate())
    return period if period.end <= today.end else Period(period.kind, min(period.start, today.start), today.end)


def ratio(numerator: Decimal | int | None, denominator: Decimal | int | None, factor: int = 1) -> Decimal | None:
    """Return ``factor`` x numerator / denominator exactly; None where there is nothing to divide."""
    if numerator is None or not denominator:
        return None
    return Decimal(factor) * Decimal(numerator) / Decimal(denominator)


def plain(value: Any) -> Any:
    return int(value) if value is not None and value == int(value) else value


def _parts(codes: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for code in codes:
        figure = indicators()[code].figure
        found |= {figure.numerator, figure.denominator} if isinstance(figure, Ratio) else {code}
    return found


def _kinds(codes: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    kinds: dict[str, list[str]] = {"flow": [], "stock": [], "people": []}
    for code in sorted(_parts(codes)):
        kinds[indicators()[code].kind].append(code)
    return kinds["flow"], kinds["stock"], kinds["people"]


def _last_months(periods: Periods) -> tuple[date, date]:
    """Return the last month of flows and the last month of stocks that any of ``periods`` needs."""
    return max(period.last_month for period in periods), max(stock_period(period).last_month for period in periods)


def _cells(figures: QuerySet[Figure], codes: Codes, periods: Periods, *keys: str, column: str = "value") -> list[Cells]:
    """Return for each of ``periods`` (code, *keys) -> Cell of flows and stocks; see ``_cells_of``."""
    return _cells_of(figures, codes, periods, keys, (column,))[0]


def _cells_of(
    figures: QuerySet[Figure], codes: Codes, periods: Periods, keys: Sequence[str], columns: Sequence[str]
) -> list[list[Cells]]:
    """Return for each of ``columns`` and ``periods`` (code, *keys) -> Cell of flows and stocks.

    One query reads all. A figure is known from its first month on; before that there is no data.
    """
    flows, stocks, _people_codes = _kinds(codes)
    last, last_of_stocks = _last_months(periods)
    figures = figures.filter(
        Q(indicator__in=flows, month__lte=last) | Q(indicator__in=stocks, month__lte=last_of_stocks)
    )
    sums: dict[str, Aggregate] = {"first": Min("month")}
    for at, period in enumerate(periods):
        inside = Q(indicator__in=flows, month__gte=period.start, month__lte=period.last_month)
        inside |= Q(indicator__in=stocks, month__lte=stock_period(period).last_month)
        for column in columns:
            sums[f"{column}_{at}"] = Sum(column, filter=inside, default=Decimal(0))
    found: list[list[Cells]] = [[{} for _period in periods] for _column in columns]
    for row in figures.order_by().values("indicator", *keys).annotate(**sums):
        code = row["indicator"]
        for at, period in enumerate(periods):
            end = stock_period(period).last_month if code in stocks else period.last_month
            if row["first"] <= end:
                for cells, column in zip(found, columns, strict=True):
                    cells[at][(code, *(row[key] for key in keys))] = Cell(plain(row[f"{column}_{at}"]))
    return found


def _people(codes: Codes, organization_ids: Iterable[int], periods: Periods) -> list[Cells]:
    """Return for each of ``periods`` (code, id) -> Cell of distinct people.

    For a free range the count of its job is used.
    """
    _flows, _stocks, people = _kinds(codes)
    found: list[Cells] = [{} for _period in periods]
    if not people:
        return found
    ids = list(organization_ids)
    counts = PeopleFigure.objects.filter(indicator__in=people, organization_id__in=ids)
    values: dict[str, Aggregate] = {"first": Min("start", filter=Q(kind=PeriodKind.MONTH))}
    for at, period in enumerate(periods):
        values[f"value_{at}"] = Max("value", filter=Q(kind=period.kind, start=period.start))
    standing: list[Any] = list(counts.order_by().values("indicator", "organization_id").annotate(**values))
    ranges = _ranges(people, ids, periods)
    for row in standing:
        key = row["indicator"], row["organization_id"]
        for at, period in enumerate(periods):
            if row["first"] is None or row["first"] > period.end:
                continue
            if period.kind == PeriodKind.RANGE:
                counted = ranges.get((*key, period.start, period.end))
                found[at][key] = Cell(counted, pending=counted is None)
            else:
                found[at][key] = Cell(row[f"value_{at}"] or 0)
    return found


def _ranges(codes: Codes, ids: Sequence[int], periods: Periods) -> dict[tuple[Any, ...], int | None]:
    asked = [period for period in periods if period.kind == PeriodKind.RANGE]
    if not asked:
        return {}
    counts = RangeCount.objects.filter(
        indicator__in=codes,
        organization_id__in=ids,
        first__in=[period.start for period in asked],
        last__in=[period.end for period in asked],
        value__isnull=False,
    ).order_by("pk")
    return {(row.indicator, row.organization_id, row.first, row.last): row.value for row in counts}


def _complete(codes: Codes, organization_ids: Iterable[int], cells: Cells) -> Cells:
    """Return (code, id) -> Cell for everything requested; ratios are computed from their summed parts."""
    found: Cells = {}
    for code in codes:
        figure = indicators()[code].figure
        for pk in organization_ids:
            if isinstance(figure, Ratio):
                above, below = cells.get((figure.numerator, pk), Cell()), cells.get((figure.denominator, pk), Cell())
                value = ratio(above.value, below.value, figure.factor)
                found[code, pk] = Cell(value, (above, below), above.pending or below.pending)
            else:
                found[code, pk] = cells.get((code, pk), Cell())
    return found


def values(codes: Codes, organization_ids: Iterable[int], period: Period) -> Cells:
    """Return (code, organisation id) -> Cell of totals."""
    return values_in(codes, organization_ids, [period])[0]


def values_in(codes: Codes, organization_ids: Iterable[int], periods: Periods) -> list[Cells]:
    """Return for each of ``periods`` (code, organisation id) -> Cell of totals."""
    ids = list(organization_ids)
    sums = _cells(Figure.objects.filter(organization_id__in=ids), codes, periods, "organization_id")
    people = _people(codes, ids, periods)
    return [_complete(codes, ids, some | others) for some, others in zip(sums, people, strict=True)]


def children_of(node: Organization, period: Period, *others: int) -> QuerySet[Organization]:
    """Return the organisations directly under ``node`` at some time of the period, and ``others``.

    Each part finds its rows by an index; lines that have ended are few and are searched last.
    """
    began = OrganizationLine.objects.filter(organization=OuterRef("pk"), valid_from__lte=period.end, valid_until=None)
    now = Organization.objects.filter(Exists(began), parent=node.pk).order_by().values("pk")
    lines = OrganizationLine.objects.filter(valid_until__gt=period.start, valid_from__lte=period.end)
    ended = lines.filter(path__regex=rf"/{node.pk}/[0-9]+/$").order_by().values("organization_id")
    parts: list[QuerySet[Any, Any]] = [ended]
    if others:
        parts.append(Organization.objects.filter(pk__in=others).order_by().values("pk"))
    return Organization.objects.filter(pk__in=now.union(*parts))


def table(code: str, node: Organization, period: Period) -> Table:
    """Return the Table of an indicator at ``node``; children are keyed by organisation, ordered by pinyin."""
    return tables(code, node, [period])[0]


def tables(code: str, node: Organization, periods: Periods) -> list[Table]:
    """Return the Tables of an indicator at ``node`` in ``periods``, all with the same children.

    The children are the organisations that were under ``node`` in the first period, and those with a figure in any
    period.
    """
    below = _cells(Figure.objects.filter(parent_id=node.pk), [code], periods, "organization_id")
    inside = {pk for cells in below for (_part, pk), cell in cells.items() if cell.value}
    children = list(children_of(node, periods[0], *inside).order_by("pinyin", "pk"))
    ids = [node.pk, *(child.pk for child in children)]
    here = Figure.objects.filter(organization_id=node.pk)
    whole, own = _cells_of(here, [code], periods, (), ("value", "own"))
    people = _people([code], ids, periods)
    found = []
    for at, _period in enumerate(periods):
        cells = below[at] | people[at] | {(part, node.pk): cell for (part,), cell in whole[at].items()}
        complete = _complete([code], ids, cells)
        owns = _complete([code], [node.pk], {(part, node.pk): cell for (part,), cell in own[at].items()})
        found.append(
            Table(
                total=complete[code, node.pk],
                own=owns[code, node.pk],
                children={child: complete[code, child.pk] for child in children},
            )
        )
    return found


def by_child(codes: Codes, node: Organization, periods: Periods) -> list[Cells]:
    """Return for each of ``periods`` (code, id) -> Cell of the organisations under ``node``.

    The own part of ``node`` has the id None.
    """
    below = _cells(Figure.objects.filter(parent_id=node.pk), codes, periods, "organization_id")
    own = _cells(Figure.objects.filter(organization_id=node.pk), codes, periods, column="own")
    return [
        cells | {(code, None): cell for (code,), cell in owns.items()} for cells, owns in zip(below, own, strict=True)
    ]


def labels(organization_ids: Iterable[int]) -> dict[int, str]:
    """Return id -> label of organisations, ordered by pinyin."""
    found = Organization.objects.filter(pk__in=organization_ids).order_by("pinyin", "pk")
    return {row.pk: row.label for row in found}


def trend(code: str, node: Organization, periods: Iterable[Period]) -> list[Cell]:
    """Return a Cell for each of ``periods``."""
    return trends([code], node, periods)[code]


def trends(codes: Codes, node: Organization, periods: Iterable[Period]) -> dict[str, list[Cell]]:
    """Return code -> a Cell for each of ``periods``."""
    cells = values_in(codes, [node.pk], list(periods))
    return {code: [found[code, node.pk] for found in cells] for code in codes}
