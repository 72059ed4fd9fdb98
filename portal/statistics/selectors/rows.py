"""The rows behind a figure, and who may open them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum, Value

from portal.core.figures import Indicator, People, Ratio, Stock, places
from portal.core.figures import Sum as SumOf
from portal.core.periods import Period
from portal.organizations.models import Organization, OrganizationLine
from portal.statistics.registry import dated, indicators
from portal.statistics.selectors.figures import plain, stock_period

if TYPE_CHECKING:
    from datetime import date

    from portal.members.models import Member


def rows(indicator: Indicator, node: Organization, period: Period) -> QuerySet[Any]:
    """Return the business rows behind a figure; their count, sum or distinct persons is the figure.

    A row is included if its organisation was at or below ``node`` by the line in force on the day of the row. For a
    stock, the rows that exist on the last day are included.
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
    """Return the value of the rows ``found``: their number, the total of a column, or distinct persons."""
    figure = indicator.figure
    assert not isinstance(figure, Ratio)
    if isinstance(figure, People):
        return found.order_by().values(figure.person).distinct().count()
    if isinstance(figure.measure, SumOf):
        total: Decimal | int = plain(found.aggregate(total=Sum(figure.measure.column, default=0))["total"])
        return total
    return found.count()


def people_of(indicator: Indicator, node: Organization, period: Period) -> int | Decimal:
    """Return the number of distinct people in any range of months, counted from rows now."""
    return measured(indicator, rows(indicator, node, period))


def known(code: str) -> Indicator | None:
    """Return the indicator of ``code``, or None."""
    return indicators().get(code)


def described(indicator: Indicator, found: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate rows with the organisation they count at, their day, and the value of each."""
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
    """The rows behind a figure that an actor may see, their number, and the number of other rows."""

    visible: QuerySet[Any]
    count: int
    hidden: int
    opens: bool


def opening(actor: Member, indicator: Indicator, node: Organization, period: Period) -> Opening:
    """Return the Opening of a figure for ``actor``; above the indicator's level no rows open."""
    found = rows(indicator, node, period)
    if indicator.opens_from is not None and node.level < indicator.opens_from:
        return Opening(found.none(), 0, found.count(), opens=False)
    mine = found.visible_to(actor)  # type: ignore[attr-defined]  # every indicator's rows have a scope
    count = mine.count()
    return Opening(mine, count, found.count() - count, opens=True)
