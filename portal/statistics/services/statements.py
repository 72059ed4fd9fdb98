# ruff: noqa: S608 - the statements are put together from the words of this module and of declarations; values are parameters
"""The SQL of a recount: one statement counts an indicator and corrects the stored figures that differ.

The serving role may not create temporary tables, so rows become figures inside one statement. With ``scope`` only the
organisations and months it names are read, on both sides of the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, overload

from django.db import connection

from portal.core.figures import Flow, Stock
from portal.core.periods import PeriodKind, months_after
from portal.statistics.registry import is_summed, source_sql

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from portal.core.figures import Indicator
    from portal.core.periods import Period

    # The number of changed figures, and details of some: node, kind, first day, was, now.
    Told = tuple[int, list[tuple[Any, ...]]]

MONTH = "date_trunc('month', {}::timestamp)::date"
VALID = 'l.organization_id = r.place AND l.valid_from <= r."on" AND (l.valid_until IS NULL OR l.valid_until > r."on")'
# Lines with one path are represented by the smallest of their ids, so that grouping and joining use numbers.
LINES = """
    lines AS MATERIALIZED (
        SELECT organization_id, path, valid_from, valid_until, min(id) OVER (PARTITION BY path) AS line
        FROM organizations_organizationline {where}
    ),
    paths AS MATERIALIZED (SELECT DISTINCT line, organization_id, path FROM lines)
"""
NODES = """
    nodes AS MATERIALIZED (
        SELECT p.line, p.path, i.node::bigint AS node, coalesce(p.above[i.at - 1]::bigint, 0) AS parent,
            i.at = cardinality(p.above) AS own
        FROM (SELECT line, path, string_to_array(btrim(path, '/'), '/') AS above FROM {paths}) p
        CROSS JOIN LATERAL unnest(p.above) WITH ORDINALITY AS i(node, at)
    )
"""
OWN_CHANGES = """
    own_diff AS MATERIALIZED (
        SELECT coalesce(new.organization_id, old.organization_id) AS organization_id,
            coalesce(new.path, old.path) AS path, coalesce(new.month, old.month) AS month,
            coalesce(new.value, 0) AS value
        FROM (SELECT p.organization_id, p.path, n.month, n.value FROM new n JOIN paths p ON p.line = n.line) new
        FULL JOIN (SELECT organization_id, path, month, value FROM statistics_ownfigure WHERE {where}) old
            ON old.path = new.path AND old.month = new.month
        WHERE new.value IS DISTINCT FROM old.value AND NOT (new.value IS NULL AND old.value = 0)
    ),
    own_written AS (
        INSERT INTO statistics_ownfigure (indicator, organization_id, path, month, value)
        SELECT %s, organization_id, path, month, value FROM own_diff ORDER BY month, organization_id, path {conflict}
    )
"""
CHANGES = """
    diff AS MATERIALIZED (
        SELECT organization_id, parent_id, month, coalesce(new.value, 0) AS value, coalesce(new.own, 0) AS own,
            old.value AS was
        FROM (
            SELECT n.node AS organization_id, n.parent AS parent_id, o.month, sum(o.value) AS value,
                coalesce(sum(o.value) FILTER (WHERE n.own), 0) AS own
            FROM {own} GROUP BY 1, 2, 3
        ) new
        FULL JOIN (
            SELECT organization_id, parent_id, month, value, own FROM statistics_figure WHERE {where}
        ) old USING (organization_id, parent_id, month)
        WHERE (new.value, new.own) IS DISTINCT FROM (old.value, old.own)
            AND NOT (new.value IS NULL AND old.value = 0 AND old.own = 0)
    ),
    written AS (
        INSERT INTO statistics_figure (indicator, organization_id, parent_id, month, value, own)
        SELECT %s, organization_id, parent_id, month, value, own FROM diff
        ORDER BY organization_id, month, parent_id {conflict}
    )
"""
OWN, ALL, PEOPLE = "statistics_ownfigure", "statistics_figure", "statistics_peoplefigure"
# What happens to an inserted row when a row with the same key exists.
MEETING = {
    OWN: "ON CONFLICT (indicator, month, organization_id, path) DO UPDATE SET value = excluded.value",
    ALL: "ON CONFLICT (indicator, organization_id, month, parent_id) "
    "DO UPDATE SET value = excluded.value, own = excluded.own",
    PEOPLE: "ON CONFLICT (indicator, organization_id, kind, start) DO UPDATE SET value = excluded.value",
}
# The number of all changed figures, and the first of them.
TOLD = """
    SELECT count(*) + {more}, NULL::bigint, NULL::text, NULL::date, NULL::numeric, NULL::numeric FROM diff
    UNION ALL (
        SELECT NULL, organization_id, {kind}, {start}, was::numeric, value::numeric FROM diff LIMIT %s
    )
"""
YEAR = "extract(year FROM s.month)::int"
# The standard periods that contain a month, each by its first day; during the count a number stands for the kind.
STARTS_OF = {
    PeriodKind.MONTH: ["s.month"],
    PeriodKind.QUARTER: ["date_trunc('quarter', s.month::timestamp)::date"],
    PeriodKind.HALF_YEAR: [f"make_date({YEAR}, CASE WHEN extract(month FROM s.month) < 7 THEN 1 ELSE 7 END, 1)"],
    PeriodKind.YEAR: [f"make_date({YEAR}, 1, 1)"],
    PeriodKind.FIVE_YEARS: [f"make_date({YEAR} - {back}, 1, 1)" for back in range(5)],
    PeriodKind.SURVEY_YEAR: [
        f"make_date({YEAR} - CASE WHEN extract(month FROM s.month) < 10 THEN 1 ELSE 0 END, 10, 1)"
    ],
}
STARTS = ", ".join(f"({number}, {day})" for number, days in enumerate(STARTS_OF.values(), start=1) for day in days)
KIND_NAMES = "(ARRAY[{}])".format(", ".join(f"'{kind}'" for kind in STARTS_OF))


@dataclass(frozen=True)
class Scope:
    """The organisations whose own rows are recounted, and the first and last month; ``last`` None is open."""

    organizations: tuple[int, ...]
    first: date
    last: date | None = None

    def months(self, column: str) -> tuple[str, list[date]]:
        """Return an SQL condition on a column of months or days, with its parameters."""
        if self.last is None:
            return f"{column} >= %s", [self.first]
        return f"{column} >= %s AND {column} < %s", [self.first, months_after(self.last, 1)]


def _meeting(table: str, indicator: Indicator, everywhere: bool = True) -> str:
    """Return the SQL clause for a row of ``indicator`` whose key already exists in ``table``.

    It is empty where everything is counted and ``table`` has no figures of the indicator: no key can exist then,
    because nobody else writes figures meanwhile.
    """
    if everywhere:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE indicator = %s)", [indicator.code])
            if not cursor.fetchone()[0]:
                return ""
    return MEETING[table]


@overload
def own_recount(indicator: Indicator, scope: None = None) -> int: ...
@overload
def own_recount(indicator: Indicator, scope: Scope) -> list[tuple[str, date]]: ...
def own_recount(indicator: Indicator, scope: Scope | None = None) -> int | list[tuple[str, date]]:
    """Recount the own figures of organisations; return the (path, month) of each figure that changed.

    Without ``scope`` return the number of changed figures.
    """
    new, parameters = _own(indicator, scope)
    where, lines = "indicator = %s", ""
    more: list[Any] = [indicator.code]
    lines_more: list[Any] = []
    if scope is not None:
        lines, lines_more = "WHERE organization_id = ANY(%s::bigint[])", [list(scope.organizations)]
        where, more = f"{where} AND organization_id = ANY(%s::bigint[])", [*more, *lines_more]
        if not isinstance(indicator.figure, Stock):
            condition, values = scope.months("month")
            where, more = f"{where} AND {condition}", more + values
    sql = f"""
        WITH {LINES.format(where=lines)}, new AS MATERIALIZED ({new}),
        {OWN_CHANGES.format(where=where, conflict=_meeting(OWN, indicator, scope is None))}
        SELECT {"count(*)" if scope is None else "path, month"} FROM own_diff
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*lines_more, *parameters, *more, indicator.code])
        changed: int | list[tuple[str, date]] = cursor.fetchone()[0] if scope is None else cursor.fetchall()
        return changed


def _own(indicator: Indicator, scope: Scope | None) -> tuple[str, list[Any]]:
    figure = indicator.figure
    source, parameters, names = source_sql(indicator)
    columns = ", ".join(f'"{name}"' for name in names)
    value = "sum(r.value)" if is_summed(indicator) else "count(*)"
    where = ""
    more: list[Any] = []
    if scope is not None:
        where, more = "r.place = ANY(%s::bigint[])", [list(scope.organizations)]
    rows = f"(SELECT * FROM ({source}) AS s({columns}))"
    if isinstance(figure, Stock):
        return _own_stock(rows, figure, is_summed(indicator), where), [*parameters, *more]
    if scope is not None:
        condition, values = scope.months('r."on"')
        where, more = f"{where} AND {condition}", more + values
    where = f"WHERE {where}" if where else ""
    month = MONTH.format('r."on"')
    if isinstance(figure, Flow):
        return (
            f"SELECT l.line, {month} AS month, {value} AS value "
            f"FROM {rows} r JOIN lines l ON {VALID} {where} GROUP BY 1, 2"
        ), [*parameters, *more]
    return (
        f"SELECT l.line, {month} AS month, count(DISTINCT r.value) AS value "
        f"FROM {rows} r JOIN lines l ON {VALID} {where} GROUP BY 1, 2"
    ), [*parameters, *more]


def _own_stock(rows: str, figure: Stock, summed: bool, where: str) -> str:
    since = "r.since" if figure.since else "NULL::date"
    until = "r.until" if figure.until else "NULL::date"
    value = "r.value" if summed else "1"
    where = f"AND {where}" if where else ""
    month = MONTH.format("e.day")
    # Least and greatest ignore NULL, which stands for an open end or a missing beginning.
    return (
        f"SELECT x.line, {month} AS month, sum(e.value) AS value FROM ("
        f"SELECT l.line, greatest({since}, l.valid_from) AS since, "
        f"least({until}, l.valid_until) AS until, {value} AS value "
        f"FROM {rows} r JOIN lines l ON l.organization_id = r.place "
        f"AND greatest({since}, l.valid_from) < coalesce(least({until}, l.valid_until), 'infinity'::date) {where}"
        ") x CROSS JOIN LATERAL (VALUES (x.since, x.value), (x.until, -x.value)) AS e(day, value) "
        "WHERE e.day IS NOT NULL GROUP BY 1, 2 HAVING sum(e.value) <> 0"
    )


def all_recount(indicator: Indicator, faults: int = 0) -> Told:
    """Recount a flow or stock everywhere; return the number of changes and up to ``faults`` of them.

    The number includes own figures. Each listed change is (node, "month", month, was, now).
    """
    new, parameters = _own(indicator, None)
    mine, own = "indicator = %s", "new o JOIN nodes n ON n.line = o.line"
    sql = f"""
        WITH {LINES.format(where="")}, {NODES.format(paths="paths")}, new AS MATERIALIZED ({new}),
        {OWN_CHANGES.format(where=mine, conflict=_meeting(OWN, indicator))},
        {CHANGES.format(own=own, where=mine, conflict=_meeting(ALL, indicator))}
        {TOLD.format(more="(SELECT count(*) FROM own_diff)", kind=f"'{PeriodKind.MONTH}'", start="month")}
    """
    return _told(sql, [*parameters, *[indicator.code] * 4, faults])


def figures_recount(indicator: Indicator, nodes: Collection[int], months: Collection[date]) -> int:
    """Sum the own figures of ``months`` up to ``nodes``; return the number of figures that changed."""
    mine, more = "indicator = %s AND month = ANY(%s::date[])", [indicator.code, list(months)]
    standing = f"(SELECT DISTINCT NULL::bigint AS line, path FROM statistics_ownfigure WHERE {mine}) AS known"
    own = f"""(SELECT path, month, value FROM statistics_ownfigure WHERE {mine}) o
        JOIN nodes n ON n.path = o.path WHERE n.node = ANY(%s::bigint[])"""
    sql = f"""
        WITH {NODES.format(paths=standing)},
        {CHANGES.format(own=own, where=f"{mine} AND organization_id = ANY(%s::bigint[])", conflict=MEETING[ALL])}
        {TOLD.format(more="0", kind=f"'{PeriodKind.MONTH}'", start="month")}
    """
    count, _told_of = _told(sql, [*more, *more, list(nodes), *more, list(nodes), indicator.code, 0])
    return count


def _told(sql: str, parameters: list[Any]) -> Told:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    (count,) = [row[0] for row in rows if row[0] is not None]
    return count, [row[1:] for row in rows if row[0] is None]


def people_recount(
    indicator: Indicator,
    nodes: Collection[int] | None = None,
    periods: Collection[Period] | None = None,
    faults: int = 0,
) -> Told:
    """Recount distinct people of ``nodes`` in ``periods`` (None means all); return as ``all_recount``.

    A person is counted in a period by their first row in it: of their rows at a node in the order of months, the one
    whose predecessor is before the start of the period. So one sort serves all kinds of periods.
    """
    source, parameters, names = source_sql(indicator)
    columns = ", ".join(f'"{name}"' for name in names)
    where, more = "", []
    wanted, wanted_more, old = "", [], ""
    inside, inside_more = "", []
    if periods is not None:
        where = 'WHERE r."on" BETWEEN %s AND %s'
        more = [min(period.start for period in periods), max(period.end for period in periods)]
        old = "AND (kind, start) IN (SELECT * FROM unnest(%s::text[], %s::date[]))"
        wanted = old.replace("AND", "WHERE", 1)
        wanted_more = [[str(period.kind) for period in periods], [period.start for period in periods]]
    if nodes is not None:
        inside, inside_more = "WHERE n.node = ANY(%s::bigint[])", [list(nodes)]
        old += " AND organization_id = ANY(%s::bigint[])"
    sql = f"""
        WITH {LINES.format(where="")}, {NODES.format(paths="paths")},
        p AS MATERIALIZED (
            SELECT l.line, {MONTH.format('r."on"')} AS month, r.value AS person
            FROM (SELECT * FROM ({source}) AS s({columns})) r JOIN lines l ON {VALID} {where}
        ),
        steps AS MATERIALIZED (
            SELECT node, month, before, count(*) AS people FROM (
                SELECT n.node, p.month, lag(p.month) OVER (PARTITION BY n.node, p.person ORDER BY p.month) AS before
                FROM p JOIN nodes n ON n.line = p.line {inside}
            ) one WHERE before IS DISTINCT FROM month GROUP BY 1, 2, 3
        ),
        counts AS (
            SELECT s.node, k.kind, k.start, sum(s.people) AS value
            FROM steps s CROSS JOIN LATERAL (VALUES {STARTS}) AS k(kind, start)
            WHERE s.before IS NULL OR s.before < k.start GROUP BY 1, 2, 3
        ),
        new AS MATERIALIZED (
            SELECT * FROM (
                SELECT node AS organization_id, {KIND_NAMES}[kind] AS kind, start, value FROM counts
            ) named {wanted}
        ),
        old AS (SELECT organization_id, kind, start, value FROM statistics_peoplefigure WHERE indicator = %s {old}),
        diff AS MATERIALIZED (
            SELECT organization_id, kind, start, coalesce(new.value, 0) AS value, old.value AS was
            FROM new FULL JOIN old USING (organization_id, kind, start)
            WHERE new.value IS DISTINCT FROM old.value AND NOT (new.value IS NULL AND old.value = 0)
        ),
        written AS (
            INSERT INTO statistics_peoplefigure (indicator, organization_id, kind, start, value)
            SELECT %s, organization_id, kind, start, value FROM diff ORDER BY organization_id, kind, start
            {_meeting(PEOPLE, indicator, periods is None and nodes is None)}
        )
        {TOLD.format(more="0", kind="kind::text", start="start")}
    """
    old_more = [indicator.code, *wanted_more, *inside_more]
    return _told(sql, [*parameters, *more, *inside_more, *wanted_more, *old_more, indicator.code, faults])
