"""Targets, and the biggest changes of figures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum

from portal.core.periods import Period
from portal.organizations.models import Organization
from portal.statistics.models import Figure, Target
from portal.statistics.registry import indicators
from portal.statistics.selectors.figures import plain

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Change:
    """The difference between a child's figure of a flow and the same months a year earlier."""

    code: str
    organization: Organization
    value: Decimal | int
    before: Decimal | int

    @property
    def difference(self) -> Decimal | int:
        return self.value - self.before


def biggest_changes(codes: Iterable[str], node: Organization, period: Period, count: int = 6) -> list[Change]:
    """Return the Changes of the flows in ``codes`` under ``node`` that are largest relative to the total.

    The total of a flow is the sum over the children, each with the larger of its two figures.
    """
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
    return [Change(code, organizations[pk], plain(now), plain(then)) for code, pk, now, then in moved[:count]]


def targets_of(node: Organization, year: int) -> dict[str, Decimal]:
    """Return indicator code -> target of an organisation in a year."""
    return dict(Target.objects.filter(organization=node, year=year).values_list("indicator", "value"))
