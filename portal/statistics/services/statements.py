# ruff: noqa: S608 - the statements are put together from the words of this module and of declarations; values are parameters
"""The SQL of a recount: one statement counts an indicator, holds it against what stands, and mends what differs.

The serving role has no temporary tables, so that rows go from source to figure inside one statement. With ``scope``
only the organisations and months it names are looked at, on both sides of the comparison.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from portal.core.figures import Flow, Stock
from portal.core.periods import PeriodKind, months_after
from portal.statistics.registry import is_summed, source_sql

MONTH = "date_trunc('month', {}::timestamp)::date"
LINE = "organizations_organizationline"
VALID = 'l.organization_id = r.place AND l.valid_from <= r."on" AND (l.valid_until IS NULL OR l.valid_until > r."on")'


@dataclass(frozen=True)
class Scope:
    """The organisations whose own rows are looked at, and from which to which month; ``last`` None is open."""

    organizations: tuple
    first: date
    last: date | None = None

    def months(self, column):
        """Return a condition on a column of months or days, with its parameters."""
        if self.last is None:
            return f"{column} >= %s", [self.first]
        return f"{column} >= %s AND {column} < %s", [self.first, months_after(self.last, 1)]


def own_recount(indicator, scope=None):
    """Recount what organisations have of their own; return the (path, month) of each figure that changed."""
    new, parameters = _own(indicator, scope)
    where, more = "indicator = %s", [indicator.code]
    if scope is not None:
        where += " AND organization_id = ANY(%s::bigint[])"
        more.append(list(scope.organizations))
        if not isinstance(indicator.figure, Stock):
            condition, values = scope.months("month")
            where, more = f"{where} AND {condition}", more + values
    sql = f"""
        WITH new AS MATERIALIZED ({new}),
        old AS (SELECT organization_id, path, month, value FROM statistics_ownfigure WHERE {where}),
        diff AS MATERIALIZED (
            SELECT organization_id, path, month, coalesce(new.value, 0) AS value
            FROM new FULL JOIN old USING (organization_id, path, month)
            WHERE new.value IS DISTINCT FROM old.value AND NOT (new.value IS NULL AND old.value = 0)
        ),
        written AS (
            INSERT INTO statistics_ownfigure (indicator, organization_id, path, month, value)
            SELECT %s, organization_id, path, month, value FROM diff
            ON CONFLICT (indicator, month, organization_id, path) DO UPDATE SET value = excluded.value
        )
    """
    parameters = [*parameters, *more, indicator.code]
    with connection.cursor() as cursor:
        if scope is None:
            cursor.execute(f"{sql} SELECT count(*) FROM diff", parameters)
            return cursor.fetchone()[0]
        cursor.execute(f"{sql} SELECT path, month FROM diff", parameters)
        return cursor.fetchall()


def _own(indicator, scope):
    figure = indicator.figure
    source, parameters, names = source_sql(indicator)
    columns = ", ".join(f'"{name}"' for name in names)
    value = "sum(r.value)" if is_summed(indicator) else "count(*)"
    where, more = "", []
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
            f"SELECT l.organization_id, l.path, {month} AS month, {value}::numeric AS value "
            f"FROM {rows} r JOIN {LINE} l ON {VALID} {where} GROUP BY 1, 2, 3"
        ), [*parameters, *more]
    return (
        "SELECT organization_id, path, month, count(*)::numeric AS value FROM ("
        f"SELECT DISTINCT l.organization_id, l.path, {month} AS month, r.value AS person "
        f"FROM {rows} r JOIN {LINE} l ON {VALID} {where}) p GROUP BY 1, 2, 3"
    ), [*parameters, *more]


def _own_stock(rows, figure, summed, where):
    since = "r.since" if figure.since else "NULL::date"
    until = "r.until" if figure.until else "NULL::date"
    value = "r.value" if summed else "1"
    where = f"AND {where}" if where else ""
    month = MONTH.format("e.day")
    # Least and greatest pass over NULL, which is what an open end and a missing beginning mean.
    return (
        f"SELECT x.organization_id, x.path, {month} AS month, sum(e.value)::numeric AS value FROM ("
        f"SELECT l.organization_id, l.path, greatest({since}, l.valid_from) AS since, "
        f"least({until}, l.valid_until) AS until, {value} AS value "
        f"FROM {rows} r JOIN {LINE} l ON l.organization_id = r.place "
        f"AND greatest({since}, l.valid_from) < coalesce(least({until}, l.valid_until), 'infinity'::date) {where}"
        ") x CROSS JOIN LATERAL (VALUES (x.since, x.value), (x.until, -x.value)) AS e(day, value) "
        "WHERE e.day IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(e.value) <> 0"
    )


NODES = """
    nodes AS MATERIALIZED (
        SELECT p.path, p.line[i] AS node, coalesce(p.line[i - 1], 0) AS parent, i = cardinality(p.line) AS own
        FROM (
            SELECT path, string_to_array(btrim(path, '/'), '/')::bigint[] AS line FROM ({paths}) AS known
        ) p CROSS JOIN LATERAL generate_series(1, cardinality(p.line)) AS i
    )
"""


def figures_recount(indicator, nodes=None, months=None, faults=0):
    """Roll own figures up; return how many changed and, up to ``faults``, (node, "month", month, was, now) of them."""
    where, more = "indicator = %s", [indicator.code]
    inside, inside_more = "", []
    if months is not None:
        where += " AND month = ANY(%s::date[])"
        more.append(list(months))
    if nodes is not None:
        inside, inside_more = "WHERE n.node = ANY(%s::bigint[])", [list(nodes)]
    known = NODES.format(paths=f"SELECT DISTINCT path FROM statistics_ownfigure WHERE {where}")
    old_where = where + (" AND organization_id = ANY(%s::bigint[])" if nodes is not None else "")
    sql = f"""
        WITH {known},
        new AS MATERIALIZED (
            SELECT n.node AS organization_id, n.parent AS parent_id, o.month, sum(o.value) AS value,
                coalesce(sum(o.value) FILTER (WHERE n.own), 0) AS own
            FROM (SELECT path, month, value FROM statistics_ownfigure WHERE {where}) o
            JOIN nodes n ON n.path = o.path {inside} GROUP BY 1, 2, 3
        ),
        old AS (
            SELECT organization_id, parent_id, month, value, own FROM statistics_figure WHERE {old_where}
        ),
        diff AS MATERIALIZED (
            SELECT organization_id, parent_id, month, coalesce(new.value, 0) AS value, coalesce(new.own, 0) AS own,
                old.value AS was
            FROM new FULL JOIN old USING (organization_id, parent_id, month)
            WHERE (new.value, new.own) IS DISTINCT FROM (old.value, old.own)
                AND NOT (new.value IS NULL AND old.value = 0 AND old.own = 0)
        ),
        written AS (
            INSERT INTO statistics_figure (indicator, organization_id, parent_id, month, value, own)
            SELECT %s, organization_id, parent_id, month, value, own FROM diff
            ON CONFLICT (indicator, organization_id, month, parent_id)
            DO UPDATE SET value = excluded.value, own = excluded.own
        ),
        told AS (SELECT organization_id, 'month', month, was, value FROM diff LIMIT %s)
        SELECT count(*), NULL::text, NULL::date, NULL::numeric, NULL::numeric FROM diff UNION ALL SELECT * FROM told
    """
    parameters = [*more, *more, *inside_more, *more, *inside_more, indicator.code, faults]
    return _told(sql, parameters)


def _told(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    (head,) = [row for row in rows if row[1] is None]
    return head[0], [row for row in rows if row[1] is not None]


def people_recount(indicator, nodes=None, periods=None, faults=0):
    """Recount distinct people of ``nodes`` in ``periods`` (all of both when None); return as ``figures_recount``."""
    source, parameters, names = source_sql(indicator)
    columns = ", ".join(f'"{name}"' for name in names)
    wanted, wanted_more = "", []
    where, more = "", []
    inside, inside_more = "", []
    if periods is not None:
        wanted = "WHERE (kind, start) IN (SELECT * FROM unnest(%s::text[], %s::date[]))"
        wanted_more = [[str(period.kind) for period in periods], [period.start for period in periods]]
        where = 'WHERE r."on" BETWEEN %s AND %s'
        more = [min(period.start for period in periods), max(period.end for period in periods)]
    if nodes is not None:
        inside, inside_more = "WHERE n.node = ANY(%s::bigint[])", [list(nodes)]
    old_where = wanted.replace("WHERE", "AND")
    if nodes is not None:
        old_where += " AND organization_id = ANY(%s::bigint[])"
    month = MONTH.format('r."on"')
    sql = f"""
        WITH p AS MATERIALIZED (
            SELECT DISTINCT l.path, {month} AS month, r.value AS person
            FROM (SELECT * FROM ({source}) AS s({columns})) r JOIN {LINE} l ON {VALID} {where}
        ),
        {NODES.format(paths="SELECT DISTINCT path FROM p")},
        m AS MATERIALIZED (
            SELECT DISTINCT n.node, p.month, p.person FROM p JOIN nodes n ON n.path = p.path {inside}
        ),
        q AS MATERIALIZED (SELECT DISTINCT node, date_trunc('quarter', month::timestamp)::date AS start, person FROM m),
        h AS MATERIALIZED (
            SELECT DISTINCT node, make_date(extract(year FROM start)::int,
                CASE WHEN extract(month FROM start) < 7 THEN 1 ELSE 7 END, 1) AS start, person FROM q
        ),
        y AS MATERIALIZED (SELECT DISTINCT node, extract(year FROM start)::int AS year, person FROM h),
        counts AS (
            SELECT node, '{PeriodKind.MONTH}' AS kind, month AS start, count(*) AS value FROM m GROUP BY 1, 3
            UNION ALL SELECT node, '{PeriodKind.QUARTER}', start, count(*) FROM q GROUP BY 1, 3
            UNION ALL SELECT node, '{PeriodKind.HALF_YEAR}', start, count(*) FROM h GROUP BY 1, 3
            UNION ALL SELECT node, '{PeriodKind.YEAR}', make_date(year, 1, 1), count(*) FROM y GROUP BY 1, 3
            UNION ALL SELECT node, '{PeriodKind.SURVEY_YEAR}', start, count(*) FROM (
                SELECT DISTINCT node, make_date(
                    extract(year FROM start)::int - CASE WHEN extract(month FROM start) < 10 THEN 1 ELSE 0 END, 10, 1
                ) AS start, person FROM q) s GROUP BY 1, 3
            UNION ALL SELECT node, '{PeriodKind.FIVE_YEARS}', start, count(*) FROM (
                SELECT DISTINCT y.node, make_date(y.year - back, 1, 1) AS start, y.person
                FROM y CROSS JOIN generate_series(0, 4) AS back) f GROUP BY 1, 3
        ),
        new AS MATERIALIZED (SELECT node AS organization_id, kind, start, value FROM counts {wanted}),
        old AS (
            SELECT organization_id, kind, start, value FROM statistics_peoplefigure WHERE indicator = %s {old_where}
        ),
        diff AS MATERIALIZED (
            SELECT organization_id, kind, start, coalesce(new.value, 0) AS value, old.value AS was
            FROM new FULL JOIN old USING (organization_id, kind, start)
            WHERE new.value IS DISTINCT FROM old.value AND NOT (new.value IS NULL AND old.value = 0)
        ),
        written AS (
            INSERT INTO statistics_peoplefigure (indicator, organization_id, kind, start, value)
            SELECT %s, organization_id, kind, start, value FROM diff
            ON CONFLICT (indicator, organization_id, kind, start) DO UPDATE SET value = excluded.value
        ),
        told AS (SELECT organization_id, kind::text, start, was::numeric, value::numeric FROM diff LIMIT %s)
        SELECT count(*), NULL::text, NULL::date, NULL::numeric, NULL::numeric FROM diff UNION ALL SELECT * FROM told
    """
    old_more = [indicator.code, *wanted_more, *inside_more]
    return _told(sql, [*parameters, *more, *inside_more, *wanted_more, *old_more, indicator.code, faults])
