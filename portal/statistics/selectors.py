"""Reading figures, and the business rows behind each of them; every function asks a constant number of questions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Aggregate, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum, Value
from django.utils import timezone

from portal.core.figures import Indicator, People, Ratio, Stock, places
from portal.core.figures import Sum as SumOf
from portal.core.periods import Period, PeriodKind
from portal.organizations.models import Organization, OrganizationLine
from portal.statistics.models import Figure, IndicatorDefinition, PeopleFigure, RangeCount, Target
from portal.statistics.registry import dated, indicators

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from portal.members.models import Member

    Codes = Sequence[str]
    Periods = Sequence[Period]


@dataclass(frozen=True)
class Cell:
    """One figure: None where no row was ever counted up to the period's end; of a ratio also its two parts.

    ``pending`` says that the people of a free range have not been counted yet.
    """

    value: Decimal | int | None = None
    parts: tuple[Cell, ...] = ()
    pending: bool = False


@dataclass(frozen=True)
class Table:
    """An indicator at a node: its own part (None for people), its children by line, its total."""

    total: Cell
    own: Cell
    children: dict[Organization, Cell] = field(default_factory=dict)


# By an indicator's code and further keys, such as an organisation's pk.
Cells = dict[tuple[Any, ...], Cell]


def definitions() -> dict[str, IndicatorDefinition]:
    """Return code -> what administrators wrote of an indicator."""
    return IndicatorDefinition.objects.in_bulk()


def stock_period(period: Period) -> Period:
    """Return ``period`` as far as stocks are known: one that is not over ends with the month that runs."""
    today = Period.of(PeriodKind.MONTH, timezone.localdate())
    return period if period.end <= today.end else Period(period.kind, min(period.start, today.start), today.end)


def ratio(numerator: Decimal | int | None, denominator: Decimal | int | None, factor: int = 1) -> Decimal | None:
    """Return ``factor`` x numerator / denominator exactly; None where nothing is divided by."""
    if numerator is None or not denominator:
        return None
    return Decimal(factor) * Decimal(numerator) / Decimal(denominator)


def _plain(value: Any) -> Any:
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
    """Return the last month of flows and of stocks that any of ``periods`` needs."""
    return max(period.last_month for period in periods), max(stock_period(period).last_month for period in periods)


def _cells(figures: QuerySet[Figure], codes: Codes, periods: Periods, *keys: str, column: str = "value") -> list[Cells]:
    """Return for each of ``periods`` (code, *keys) -> Cell of flows and stocks; see ``_cells_of``."""
    return _cells_of(figures, codes, periods, keys, (column,))[0]


def _cells_of(
    figures: QuerySet[Figure], codes: Codes, periods: Periods, keys: Sequence[str], columns: Sequence[str]
) -> list[list[Cells]]:
    """Return for each of ``columns`` and ``periods`` (code, *keys) -> Cell of flows and stocks, in one question.

    A figure is known from its first month on; before that there is no data.
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
                    cells[at][(code, *(row[key] for key in keys))] = Cell(_plain(row[f"{column}_{at}"]))
    return found


def _people(codes: Codes, organization_ids: Iterable[int], periods: Periods) -> list[Cells]:
    """Return for each of ``periods`` (code, id) -> Cell of different people; of free ranges as they were counted."""
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
    """Return (code, id) -> Cell for all asked, ratios made from their summed parts."""
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
    """Return the organisations that stood directly under ``node`` at some time of the period, and those of ``others``.

    Each part finds its rows by an index; lines that ended are few, and are looked through last.
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
    """Return the Table of an indicator at ``node``; children are keyed by organisation, in the order of pinyin."""
    return tables(code, node, [period])[0]


def tables(code: str, node: Organization, periods: Periods) -> list[Table]:
    """Return the Tables of an indicator at ``node`` in ``periods``, all with the same children.

    These are who stood there in the first period, and who has a figure in any.
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
    """Return for each of ``periods`` (code, id) -> Cell of what stood under ``node``; its own part is under None."""
    below = _cells(Figure.objects.filter(parent_id=node.pk), codes, periods, "organization_id")
    own = _cells(Figure.objects.filter(organization_id=node.pk), codes, periods, column="own")
    return [
        cells | {(code, None): cell for (code,), cell in owns.items()} for cells, owns in zip(below, own, strict=True)
    ]


def labels(organization_ids: Iterable[int]) -> dict[int, str]:
    """Return id -> label of organisations, in the order of pinyin."""
    found = Organization.objects.filter(pk__in=organization_ids).order_by("pinyin", "pk")
    return {row.pk: row.label for row in found}


def trend(code: str, node: Organization, periods: Iterable[Period]) -> list[Cell]:
    """Return a Cell for each of ``periods``."""
    return trends([code], node, periods)[code]


def trends(codes: Codes, node: Organization, periods: Iterable[Period]) -> dict[str, list[Cell]]:
    """Return code -> a Cell for each of ``periods``."""
    cells = values_in(codes, [node.pk], list(periods))
    return {code: [found[code, node.pk] for found in cells] for code in codes}


def rows(indicator: Indicator, node: Organization, period: Period) -> QuerySet[Any]:
    """Return the business rows behind a figure: their count, sum or distinct persons is the figure.

    A row is there when a line of its organisation that held on its day has ``node`` in it; rows of a stock are those
    that stand on the last day.
    """
    figure = indicator.figure
    assert not isinstance(figure, Ratio)
    found: QuerySet[Any] = figure.rows()
    on: date | OuterRef
    if isinstance(figure, Stock):
        day = stock_period(period).end
        if figure.since:
            found = dated(found, "figure_since", figure.since).filter(figure_since__lte=day)
        if figure.until:
            found = dated(found, "figure_until", figure.until)
            found = found.filter(Q(figure_until=None) | Q(figure_until__gt=day))
        on = day
    else:
        found = dated(found, "figure_on", figure.on).filter(figure_on__gte=period.start, figure_on__lte=period.end)
        on = OuterRef("figure_on")
    lines = OrganizationLine.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=on), path__contains=f"/{node.pk}/", valid_from__lte=on
    )
    inside = Q()
    for place in places(figure.organization):
        inside |= Q(Exists(lines.filter(organization=OuterRef(place))))
    return found.filter(inside)


def measured(indicator: Indicator, found: QuerySet[Any]) -> int | Decimal:
    """Return what ``found`` rows of an indicator come to: their number, the total of its column, or the persons."""
    figure = indicator.figure
    assert not isinstance(figure, Ratio)
    if isinstance(figure, People):
        return found.order_by().values(figure.person).distinct().count()
    if isinstance(figure.measure, SumOf):
        total: Decimal | int = _plain(found.aggregate(total=Sum(figure.measure.column, default=0))["total"])
        return total
    return found.count()


def people_of(indicator: Indicator, node: Organization, period: Period) -> int | Decimal:
    """Return how many different people there were in any range of months, counted from rows now."""
    return measured(indicator, rows(indicator, node, period))


def known(code: str) -> Indicator | None:
    """Return the indicator of ``code``, or None."""
    return indicators().get(code)


def described(indicator: Indicator, found: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate rows with the organisation they count at, their day, and what each counts."""
    figure = indicator.figure
    assert not isinstance(figure, Ratio)
    place = places(figure.organization)[0]
    name = "name" if place in ("pk", "id") else f"{place}__name"
    day = getattr(figure, "on", None) or getattr(figure, "since", None)
    column = getattr(getattr(figure, "measure", None), "column", None)
    found = found.annotate(figure_place_name=F(name), figure_value=F(column) if column else Value(1))
    nothing = Value(None, output_field=models.DateField())
    days: QuerySet[Any] = found.annotate(figure_day=nothing) if day is None else dated(found, "figure_day", day)
    return days


@dataclass(frozen=True)
class Opening:
    """The rows behind a figure that a reader may see, how many these are, and how many more there are."""

    visible: QuerySet[Any]
    count: int
    hidden: int
    opens: bool


def opening(actor: Member, indicator: Indicator, node: Organization, period: Period) -> Opening:
    """Return the Opening of a figure for ``actor``; above the indicator's level nothing opens."""
    found = rows(indicator, node, period)
    if indicator.opens_from is not None and node.level < indicator.opens_from:
        return Opening(found.none(), 0, found.count(), opens=False)
    mine = found.visible_to(actor)  # type: ignore[attr-defined]  # every indicator's rows have a scope
    count = mine.count()
    return Opening(mine, count, found.count() - count, opens=True)


@dataclass(frozen=True)
class Change:
    """How a child's figure of a flow differs from the same months a year earlier."""

    code: str
    organization: Organization
    value: Decimal | int
    before: Decimal | int

    @property
    def difference(self) -> Decimal | int:
        return self.value - self.before


def biggest_changes(codes: Iterable[str], node: Organization, period: Period, count: int = 6) -> list[Change]:
    """Return the Changes of flows ``codes`` under ``node`` that are largest by their share of the parent's figure."""
    flows = [code for code in codes if indicators()[code].kind == "flow"]
    before = period.year_before()
    inside = Q(month__gte=period.start, month__lte=period.last_month)
    earlier = Q(month__gte=before.start, month__lte=before.last_month)
    figures = Figure.objects.filter(inside | earlier, indicator__in=flows, parent_id=node.pk)
    now_and_then = (
        figures.values_list("indicator", "organization_id")
        .order_by()
        .annotate(
            now=Sum("value", filter=inside, default=Decimal(0)), then=Sum("value", filter=earlier, default=Decimal(0))
        )
    )
    rows: list[tuple[Any, ...]] = list(now_and_then)
    whole: defaultdict[str, Decimal] = defaultdict(Decimal)
    for code, _pk, now, then in rows:
        whole[code] += max(now, then)
    moved = [row for row in rows if row[2] != row[3]]
    moved.sort(key=lambda row: (-abs(row[2] - row[3]) / whole[row[0]], row[0], row[1]))
    organizations = Organization.objects.in_bulk([row[1] for row in moved[:count]])
    return [Change(code, organizations[pk], _plain(now), _plain(then)) for code, pk, now, then in moved[:count]]


def targets_of(node: Organization, year: int) -> dict[str, Decimal]:
    """Return indicator code -> target of an organisation in a year."""
    return dict(Target.objects.filter(organization=node, year=year).values_list("indicator", "value"))
