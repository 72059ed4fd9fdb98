"""Reading figures, and the business rows behind each of them; every function asks a constant number of questions."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum, Value
from django.utils import timezone

from portal.core.figures import People, Ratio, Stock, places
from portal.core.figures import Sum as SumOf
from portal.core.periods import Period, PeriodKind, month_of
from portal.organizations.models import Organization, OrganizationLine
from portal.statistics.models import Figure, IndicatorDefinition, PeopleFigure, RangeCount, Target
from portal.statistics.registry import dated, indicators, is_summed


@dataclass(frozen=True)
class Cell:
    """One figure: None where no row was ever counted up to the period's end; of a ratio also its two parts.

    ``pending`` says that the people of a free range have not been counted yet.
    """

    value: Decimal | int | None = None
    parts: tuple = ()
    pending: bool = False


@dataclass(frozen=True)
class Table:
    """An indicator at a node: its own part (None for people), its children by line, its total."""

    total: Cell
    own: Cell
    children: dict = field(default_factory=dict)


def definitions():
    """Return code -> what administrators wrote of an indicator."""
    return IndicatorDefinition.objects.in_bulk()


def stock_period(period):
    """Return ``period`` as far as stocks are known: one that is not over ends with the month that runs."""
    today = Period.of(PeriodKind.MONTH, timezone.localdate())
    return period if period.end <= today.end else Period(period.kind, min(period.start, today.start), today.end)


def ratio(numerator, denominator, factor=1):
    """Return ``factor`` x numerator / denominator exactly; None where nothing is divided by."""
    if numerator is None or not denominator:
        return None
    return Decimal(factor) * Decimal(numerator) / Decimal(denominator)


def _plain(value):
    return int(value) if value is not None and value == int(value) else value


def _parts(codes):
    found = set()
    for code in codes:
        figure = indicators()[code].figure
        found |= {figure.numerator, figure.denominator} if isinstance(figure, Ratio) else {code}
    return found


def _kinds(codes):
    kinds = {"flow": [], "stock": [], "people": []}
    for code in sorted(_parts(codes)):
        kinds[indicators()[code].kind].append(code)
    return kinds["flow"], kinds["stock"], kinds["people"]


def _sums(codes, period, *, column="value"):
    """Return condition and aggregate that make flows and stocks of ``codes`` out of months."""
    flows, stocks, _people = _kinds(codes)
    last = stock_period(period).last_month
    condition = Q(indicator__in=flows, month__lte=period.last_month) | Q(indicator__in=stocks, month__lte=last)
    return condition, Sum(column, filter=~Q(indicator__in=flows) | Q(month__gte=period.start), default=Decimal(0))


def _people(codes, organization_ids, period):
    _flows, _stocks, people = _kinds(codes)
    if not people:
        return {}
    ids = list(organization_ids)
    found = PeopleFigure.objects.filter(indicator__in=people, organization_id__in=ids, start__lte=period.end)
    known = set(found.filter(kind=PeriodKind.MONTH).values_list("indicator", "organization_id").distinct())
    if period.kind == PeriodKind.RANGE:
        counts = RangeCount.objects.filter(
            indicator__in=people, organization_id__in=ids, first=period.start, last=period.end, value__isnull=False
        ).order_by("pk")
        values = {(row.indicator, row.organization_id): row.value for row in counts}
        return {key: Cell(values.get(key), pending=key not in values) for key in known}
    exact = found.filter(kind=period.kind, start=period.start).values_list("indicator", "organization_id", "value")
    values = {(code, pk): value for code, pk, value in exact}
    return {key: Cell(values.get(key, 0)) for key in known}


def _complete(codes, organization_ids, cells):
    """Return (code, id) -> Cell for all asked, ratios made from their summed parts."""
    found = {}
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


def values(codes, organization_ids, period):
    """Return (code, organisation id) -> Cell of totals."""
    organization_ids = list(organization_ids)
    condition, total = _sums(codes, period)
    rows = Figure.objects.filter(condition, organization_id__in=organization_ids)
    rows = rows.values_list("indicator", "organization_id").annotate(total=total).order_by()
    cells = {(code, pk): Cell(_plain(value)) for code, pk, value in rows}
    return _complete(codes, organization_ids, cells | _people(codes, organization_ids, period))


def children_in(node, period):
    """Return ids of what stood directly under ``node`` at any time of the period."""
    lines = OrganizationLine.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=period.start),
        path__regex=rf"/{node.pk}/[0-9]+/$",
        valid_from__lte=period.end,
    )
    return set(lines.values_list("organization_id", flat=True))


def table(code, node, period):
    """Return the Table of an indicator at ``node``; children are keyed by organisation, in the order of pinyin."""
    condition, total = _sums([code], period)
    rows = Figure.objects.filter(condition, parent_id=node.pk).values_list("indicator", "organization_id")
    cells = {(part, pk): Cell(_plain(value)) for part, pk, value in rows.annotate(total=total).order_by()}
    _condition, own = _sums([code], period, column="own")
    whole = Figure.objects.filter(condition, organization_id=node.pk).values_list("indicator").order_by()
    owns = {}
    for part, all_of_it, own_of_it in whole.annotate(total=total, part=own):
        cells[part, node.pk] = Cell(_plain(all_of_it))
        owns[part, node.pk] = Cell(_plain(own_of_it))
    inside = children_in(node, period) | {pk for _part, pk in cells} - {node.pk}
    cells |= _people([code], [node.pk, *inside], period)
    found = _complete([code], [node.pk, *inside], cells)
    children = Organization.objects.filter(pk__in=inside).order_by("pinyin", "pk")
    return Table(
        total=found[code, node.pk],
        own=_complete([code], [node.pk], owns)[code, node.pk],
        children={child: found[code, child.pk] for child in children},
    )


def trend(code, node, periods):
    """Return a Cell for each of ``periods``, which are of one kind."""
    periods = list(periods)
    parts = _parts([code])
    last = max(period.end for period in periods)
    months = Figure.objects.filter(indicator__in=parts, organization_id=node.pk, month__lte=last)
    by_month = defaultdict(dict)
    for part, month, value in months.values_list("indicator", "month").annotate(total=Sum("value")).order_by():
        by_month[part][month] = value
    people = PeopleFigure.objects.filter(indicator__in=parts, organization_id=node.pk, start__lte=last)
    known, counts = {}, {}
    for part, kind, start, value in people.values_list("indicator", "kind", "start", "value"):
        if kind == PeriodKind.MONTH:
            known[part] = min(known.get(part, start), start)
        counts[part, kind, start] = value
    found = []
    for period in periods:
        cells = {}
        for part in parts:
            if isinstance(indicators()[part].figure, People):
                if part in known and known[part] <= period.end:
                    is_range = period.kind == PeriodKind.RANGE
                    value = None if is_range else counts.get((part, period.kind, period.start), 0)
                    cells[part, node.pk] = Cell(value, pending=is_range)
                continue
            is_stock = isinstance(indicators()[part].figure, Stock)
            end = stock_period(period).last_month if is_stock else period.last_month
            until = {month: value for month, value in by_month[part].items() if month <= end}
            if until:
                inside = until.values() if is_stock else [v for month, v in until.items() if month >= period.start]
                cells[part, node.pk] = Cell(_plain(sum(inside, Decimal(0))))
        found.append(_complete([code], [node.pk], cells)[code, node.pk])
    return found


def rows(indicator, node, period):
    """Return the business rows behind a figure: their count, sum or distinct persons is the figure.

    A row is there when a line of its organisation that held on its day has ``node`` in it; rows of a stock are those
    that stand on the last day.
    """
    figure = indicator.figure
    found = figure.rows()
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


def measured(indicator, found):
    """Return what ``found`` rows of an indicator come to: their number, the total of its column, or the persons."""
    figure = indicator.figure
    if isinstance(figure, People):
        return found.order_by().values(figure.person).distinct().count()
    if isinstance(figure.measure, SumOf):
        return _plain(found.aggregate(total=Sum(figure.measure.column, default=0))["total"])
    return found.count()


def people_of(indicator, node, period):
    """Return how many different people there were in any range of months, counted from rows now."""
    return measured(indicator, rows(indicator, node, period))


def known(code):
    """Return the indicator of ``code``, or None."""
    return indicators().get(code)


def described(indicator, found):
    """Annotate rows with the organisation they count at, their day, and what each counts."""
    figure = indicator.figure
    place = places(figure.organization)[0]
    name = "name" if place in ("pk", "id") else f"{place}__name"
    day = getattr(figure, "on", None) or getattr(figure, "since", None)
    column = figure.measure.column if is_summed(indicator) else None
    found = found.annotate(figure_place_name=F(name), figure_value=F(column) if column else Value(1))
    if day is None:
        return found.annotate(figure_day=Value(None, output_field=models.DateField()))
    return dated(found, "figure_day", day)


@dataclass(frozen=True)
class Opening:
    """The rows behind a figure that a reader may see, and how many more there are."""

    visible: models.QuerySet
    hidden: int
    opens: bool


def opening(actor, indicator, node, period):
    """Return the Opening of a figure for ``actor``; above the indicator's level nothing opens."""
    found = rows(indicator, node, period)
    if indicator.opens_from is not None and node.level < indicator.opens_from:
        return Opening(found.none(), found.count(), opens=False)
    mine = found.filter(pk__in=found.model._default_manager.visible_to(actor).values("pk"))
    return Opening(mine, found.count() - mine.count(), opens=True)


@dataclass(frozen=True)
class Change:
    """How a child's figure of a flow differs from the same months a year earlier."""

    code: str
    organization: Organization
    value: Decimal | int
    before: Decimal | int

    @property
    def difference(self):
        return self.value - self.before


def biggest_changes(codes, node, period, count=6):
    """Return the Changes of flows ``codes`` under ``node`` that are largest by their share of the parent's figure."""
    flows = [code for code in codes if indicators()[code].kind == "flow"]
    before = period.year_before()
    inside = Q(month__gte=period.start, month__lte=period.last_month)
    earlier = Q(month__gte=before.start, month__lte=before.last_month)
    rows = Figure.objects.filter(inside | earlier, indicator__in=flows, parent_id=node.pk)
    rows = rows.values_list("indicator", "organization_id").order_by()
    rows = list(
        rows.annotate(
            now=Sum("value", filter=inside, default=Decimal(0)), then=Sum("value", filter=earlier, default=Decimal(0))
        )
    )
    whole = defaultdict(Decimal)
    for code, _pk, now, then in rows:
        whole[code] += max(now, then)
    moved = [row for row in rows if row[2] != row[3]]
    moved.sort(key=lambda row: (-abs(row[2] - row[3]) / whole[row[0]], row[0], row[1]))
    organizations = Organization.objects.in_bulk([row[1] for row in moved[:count]])
    return [Change(code, organizations[pk], _plain(now), _plain(then)) for code, pk, now, then in moved[:count]]


def targets_of(node, year):
    """Return indicator code -> target of an organisation in a year."""
    return dict(Target.objects.filter(organization=node, year=year).values_list("indicator", "value"))


def months_known():
    """Return the first and the last month any figure has, up to the month that runs; (None, None) before any."""
    found = Figure.objects.exclude(value=0).aggregate(first=models.Min("month"), last=models.Max("month"))
    if found["first"] is None:
        return None, None
    return found["first"], min(found["last"], month_of(timezone.localdate()))
