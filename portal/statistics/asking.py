"""What a URL asks for: an indicator, an organisation, a period; and the choices offered beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.choices import Area, Capability
from portal.core.discovery import in_service
from portal.core.figures import Ratio
from portal.core.periods import Period, PeriodKind, month_of
from portal.core.querysets import within
from portal.core.text import whole_number
from portal.organizations.models import Organization
from portal.statistics.registry import indicators
from portal.statistics.selectors.figures import definitions
from portal.web.context import Shell

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import Promise

    from portal.web.requests import MemberRequest

TREND = {
    PeriodKind.MONTH: 13,
    PeriodKind.QUARTER: 9,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 6,
    PeriodKind.FIVE_YEARS: 5,
    PeriodKind.SURVEY_YEAR: 6,
    PeriodKind.RANGE: 4,
}


@dataclass(frozen=True)
class Words:
    """An indicator with the name and definition that administrators gave it."""

    code: str
    name: str
    definition: str
    unit: str
    kind: str
    area: str | Promise


def shown_indicators() -> dict[str, Words]:
    """Return code -> Words of every indicator that is not hidden, in the configured order.

    Indicators of an area out of service are not shown; they are still counted, so that nothing is missing when the area
    is back in service.
    """
    said = definitions()
    found = []
    for code, indicator in indicators().items():
        own = said.get(code)
        if (own is not None and own.hidden) or not in_service(indicator.area):
            continue
        order = indicator.order if own is None or own.order is None else own.order
        name = str(own.name if own and own.name else indicator.name)
        definition = str(own.definition if own and own.definition else indicator.definition)
        words = Words(code, name, definition, str(indicator.unit), indicator.kind, Area(indicator.area).label)
        found.append((order, code, words))
    return {code: words for _order, code, words in sorted(found, key=lambda row: row[:2])}


def node_of(request: MemberRequest) -> Organization:
    """Return the organisation that the URL asks for; by default the one chosen in the organisation switch.

    It must be within the actor's scope for statistics; otherwise 404.
    """
    reach = within(request.user.reach(Area.STATISTICS, Capability.VIEW), "path")
    if reach is None:
        raise Http404
    inside = Organization.objects.filter(reach)
    asked = request.GET.get("node", "")
    if asked:
        pk = whole_number(asked)
        node = inside.filter(pk=pk).first() if pk is not None and pk < 2**63 else None
        if node is None:
            raise Http404
        return node
    here = Shell(request).here
    if here is not None and request.user.can(Area.STATISTICS, Capability.VIEW, here.path):
        return here
    node = inside.order_by("path").first()
    if node is None:
        raise Http404
    return node


def line_to(request: MemberRequest, node: Organization) -> list[Organization]:
    """Return the organisations from the highest that the actor may read down to ``node``.

    They are for the breadcrumb.
    """
    paths = request.user.reach(Area.STATISTICS, Capability.VIEW)
    above = Organization.objects.filter(pk__in=node.ancestor_ids).order_by("path")
    return [*(row for row in above if any(row.path.startswith(path) for path in paths)), node]


def period_of(request: HttpRequest) -> tuple[Period, bool]:
    """Return the period in the URL, and whether it could be read; by default this year."""
    this_year = Period.of(PeriodKind.YEAR, timezone.localdate())
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    text = f"{first or last}..{last or first}" if first or last else request.GET.get("period", "")
    if not text:
        return this_year, True
    try:
        return Period.parse(text), True
    except ValueError:
        return this_year, False


def so_far(period: Period) -> Period:
    """Return the past and current months of ``period``, to compare with the same months a year earlier."""
    this_month = month_of(timezone.localdate())
    return Period.range(period.start, this_month) if period.start <= this_month < period.last_month else period


def compared_with(code: str, period: Period) -> Period:
    """Return the period to compare a figure with: the same months a year earlier.

    Distinct people are compared with the whole period a year earlier, because they are counted in advance only for
    whole periods.
    """
    figure = indicators()[code].figure
    parts = (figure.numerator, figure.denominator) if isinstance(figure, Ratio) else (code,)
    has_people = any(indicators()[part].kind == "people" for part in parts)
    return (period if has_people else so_far(period)).year_before()


def period_choices(chosen: Period) -> list[tuple[str | Promise, list[tuple[str, str, bool]]]]:
    """Return the periods to choose from, as groups of (title, [(text, title, chosen)])."""
    today = timezone.localdate()
    year = today.year

    def runs(kind: PeriodKind, count: int) -> list[Period]:
        return Period.of(kind, today).run(count)[::-1]

    groups: list[tuple[str | Promise, list[Period]]] = [
        (PeriodKind.YEAR.label, runs(PeriodKind.YEAR, 6)),
        (PeriodKind.QUARTER.label, runs(PeriodKind.QUARTER, 8)),
        (PeriodKind.HALF_YEAR.label, runs(PeriodKind.HALF_YEAR, 4)),
        (PeriodKind.MONTH.label, runs(PeriodKind.MONTH, 13)),
        (PeriodKind.FIVE_YEARS.label, runs(PeriodKind.FIVE_YEARS, 3)),
        (_("Survey year"), [Period.of(PeriodKind.SURVEY_YEAR, date(year - back, today.month, 1)) for back in range(3)]),
    ]
    known = {str(period) for _label, periods in groups for period in periods}
    if str(chosen) not in known:
        groups.insert(0, (_("Chosen"), [chosen]))
    return [(label, [(str(period), period.title, period == chosen) for period in periods]) for label, periods in groups]
