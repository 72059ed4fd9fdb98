"""The register of indicators that shared packages and areas declare, and the SQL of their rows."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, F
from django.db.models.functions import TruncDate

from portal.core.discovery import declared
from portal.core.figures import Ratio, Sum, places

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

    from portal.core.figures import Indicator

SHANGHAI = ZoneInfo("Asia/Shanghai")


@lru_cache
def indicators() -> dict[str, Indicator]:
    """Return all indicators by code, in their order; refuse a duplicate code and a ratio of a ratio."""
    found: dict[str, Indicator] = {}
    for module in declared("indicators"):
        for indicator in module.INDICATORS:
            if indicator.code in found:
                raise ValueError(f"two indicators have the code {indicator.code}")
            found[indicator.code] = indicator
    for indicator in found.values():
        if isinstance(indicator.figure, Ratio):
            for code in (indicator.figure.numerator, indicator.figure.denominator):
                if isinstance(found[code].figure, Ratio):
                    raise ValueError(f"{indicator.code} is a ratio of a ratio")
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def counted() -> list[Indicator]:
    """Return the indicators that are counted from rows: all except ratios."""
    return [indicator for indicator in indicators().values() if not isinstance(indicator.figure, Ratio)]


def sources(indicator: Indicator) -> set[str]:
    """Return the labels of the models whose touches recount an indicator."""
    figure = indicator.figure
    assert not isinstance(figure, Ratio)
    return {figure.rows().model._meta.label_lower, *indicator.touched_by}


@lru_cache
def touched(source: str) -> tuple[Indicator, ...]:
    """Return the indicators that a touch of ``source`` recounts; "*" means all."""
    return tuple(indicator for indicator in counted() if source == "*" or source in sources(indicator))


def dated(queryset: QuerySet[Any], name: str, lookup: str) -> QuerySet[Any]:
    """Annotate the day found by ``lookup`` as ``name``; a time counts on its day in Asia/Shanghai."""
    found: QuerySet[Any] = queryset.annotate(**{name: F(lookup)})
    if isinstance(found.query.annotations[name].output_field, DateTimeField):
        found = queryset.annotate(**{name: TruncDate(lookup, tzinfo=SHANGHAI)})
    return found


def source_sql(indicator: Indicator) -> tuple[str, list[object], list[str]]:
    """Return the SQL and parameters of an indicator's rows, one for each organisation a row counts at.

    Also returns the names of the columns: organisation, first day, day before which it ends, the value measured (a
    number or a person).
    """
    figure = indicator.figure
    assert not isinstance(figure, Ratio)
    parts = []
    for place in places(figure.organization):
        rows = figure.rows().order_by().annotate(figure_place=F(place))
        names = ["figure_place"]
        for name in ("on", "since", "until"):
            lookup = getattr(figure, name, None)
            if lookup:
                rows = dated(rows, f"figure_{name}", lookup)
                names.append(f"figure_{name}")
        value = getattr(figure, "person", None) or getattr(getattr(figure, "measure", None), "column", None)
        if value:
            rows = rows.annotate(figure_value=F(value))
            names.append("figure_value")
        sql, parameters = rows.values_list(*names).query.sql_with_params()
        parts.append((sql, parameters, [name.removeprefix("figure_") for name in names]))
    sql = " UNION ALL ".join(f"({part})" for part, _parameters, _names in parts)
    return sql, [value for _sql, parameters, _names in parts for value in parameters], parts[0][2]


def is_summed(indicator: Indicator) -> bool:
    """Return whether the figure is the sum of a column and not the number of rows."""
    return isinstance(getattr(indicator.figure, "measure", None), Sum)
