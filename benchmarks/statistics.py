# ruff: noqa: S608 - the statements are put together from constants of this module
"""A full recount of a province beside the bare GROUP BYs it consists of, and the recount of one event."""

import os
import time

from django.db import connection, transaction

from benchmarks.province import Shape, owner, province
from matchmaking.models import MatchEvent, Participation
from portal.messaging.services.touching import touch
from portal.statistics.models import Figure, OwnFigure, PeopleFigure
from portal.statistics.services.recounting import recount, recount_touched

ROWS = 2_000_000
LINE = """organizations_organizationline l ON l.organization_id = {org} AND l.valid_from <= {day}
    AND (l.valid_until IS NULL OR l.valid_until > {day})"""
NODES = """nodes AS MATERIALIZED (SELECT path, line[i] AS node, coalesce(line[i - 1], 0) AS parent FROM (
    SELECT path, string_to_array(btrim(path, '/'), '/')::bigint[] AS line
    FROM (SELECT DISTINCT path FROM organizations_organizationline) d) p
    CROSS JOIN LATERAL generate_series(1, cardinality(line)) AS i)"""
STARTS = "(e.starts_at AT TIME ZONE 'Asia/Shanghai')::date"
HELD = "e.state IN ('revealed', 'closed')"
EVENTS = "matchmaking_matchevent e"
VISITS = f"matchmaking_participation s JOIN {EVENTS} ON e.id = s.offering_id"
VISITED = f"{HELD} AND s.state = 'confirmed'"
PAIRS = f"matchmaking_pair s JOIN {EVENTS} ON e.id = s.event_id"
FLOWS = {
    "MM01": (EVENTS, HELD, STARTS),
    "MM01a": (EVENTS, f"{HELD} AND e.mode = 'online'", STARTS),
    "MM01b": (EVENTS, f"{HELD} AND e.mode = 'offline'", STARTS),
    "MM02": (VISITS, VISITED, STARTS),
    "MM03": (PAIRS, "true", "s.held_on"),
}
COUNTS = """(SELECT *, lead("on") OVER (PARTITION BY organization_id ORDER BY "on") AS until
    FROM organizations_headcount) s"""
TERMS = "organizations_womencommittee s"
UNIONS = "(SELECT id AS organization_id, kind FROM organizations_organization) s"
GRASSROOTS = "JOIN organizations_organization o ON o.id = s.organization_id"
UNIONS = "(SELECT id AS organization_id, kind FROM organizations_organization) s"
STOCKS = {
    "ORG01": (UNIONS, "s.kind = 'grassroots'", "NULL::date", "NULL::date", "1"),
    "ORG02": (COUNTS, "true", 's."on"', "s.until", "s.women_workers"),
    "ORG02b": (COUNTS, "true", 's."on"', "s.until", "s.women_members"),
    "ORG03": (TERMS, "s.kind = 'committee'", "s.term_from", "s.ended_on", "1"),
    "ORG03a": (f"{TERMS} {GRASSROOTS}", "o.kind = 'grassroots'", "s.term_from", "s.ended_on", "1"),
    "ORG04": (TERMS, "s.kind = 'commissioner'", "s.term_from", "s.ended_on", "1"),
    "ORG05": (TERMS, "s.kind = 'committee'", "s.term_ends_on", "s.ended_on", "1"),
    "ORG06": ("members_duty s", "s.role IN ('chair', 'cadre')", "s.valid_from", "s.valid_until", "1"),
    "ORG08": (f"{COUNTS} {GRASSROOTS}", "o.employment_form = 'new'", 's."on"', "s.until", "s.women_members"),
}  # fmt: skip
COUPLES = """(SELECT s.held_on, s.id, p.unit_id AS organization_id FROM matchmaking_pair s
    CROSS JOIN LATERAL (VALUES (s.one_id), (s.two_id)) AS side(id)
    JOIN matchmaking_participation p ON p.id = side.id) s"""
PEOPLE = {
    "MM02p": (VISITS, VISITED, "e.organization_id", STARTS, "s.member_id"),
    "MM03p": (COUPLES, "true", "s.organization_id", "s.held_on", "s.id"),
    "MM07": (f"matchmaking_eventmatchmaker s JOIN {EVENTS} ON e.id = s.event_id", HELD, "e.organization_id", STARTS,
             "s.member_id"),
}  # fmt: skip


def bare():
    """Yield statements written by hand, one per indicator: rows by month and path, then by month and node."""
    for rows, where, day in FLOWS.values():
        own = f"""SELECT l.path, date_trunc('month', {day}::timestamp) AS month, count(*) AS value
            FROM {rows} JOIN {LINE.format(org="e.organization_id", day=day)} WHERE {where} GROUP BY 1, 2"""
        yield _rolled(own)
    for rows, where, since, until, value in STOCKS.values():
        span = f"greatest({since}, l.valid_from) AS since, least({until}, l.valid_until) AS until, {value} AS value"
        own = f"""SELECT path, date_trunc('month', e.day::timestamp) AS month, sum(e.value) AS value FROM (
            SELECT l.path, {span} FROM {rows} JOIN organizations_organizationline l
            ON l.organization_id = s.organization_id WHERE {where}) x
            CROSS JOIN LATERAL (VALUES (since, value), (until, -value)) AS e(day, value)
            WHERE e.day IS NOT NULL AND (until IS NULL OR since < until) GROUP BY 1, 2"""
        yield _rolled(own)
    for rows, where, place, day, person in PEOPLE.values():
        yield f"""WITH {NODES}, p AS MATERIALIZED (
            SELECT DISTINCT l.path, date_trunc('month', {day}::timestamp) AS month, {person} AS person
            FROM {rows} JOIN {LINE.format(org=place, day=day)} WHERE {where}),
            m AS MATERIALIZED (SELECT DISTINCT n.node, p.month, p.person FROM p JOIN nodes n USING (path)),
            counts AS (
            SELECT node, month, count(*) FROM m GROUP BY 1, 2
            UNION ALL SELECT node, date_trunc('quarter', month), count(DISTINCT person) FROM m GROUP BY 1, 2
            UNION ALL SELECT node, make_timestamp(extract(year FROM month)::int,
                CASE WHEN extract(month FROM month) < 7 THEN 1 ELSE 7 END, 1, 0, 0, 0), count(DISTINCT person)
                FROM m GROUP BY 1, 2
            UNION ALL SELECT node, date_trunc('year', month), count(DISTINCT person) FROM m GROUP BY 1, 2
            UNION ALL SELECT node, date_trunc('year', month + interval '3 months'), count(DISTINCT person)
                FROM m GROUP BY 1, 2
            UNION ALL SELECT node, date_trunc('year', month) - back * interval '1 year', count(DISTINCT person)
                FROM m CROSS JOIN generate_series(0, 4) back GROUP BY 1, 2)
            SELECT count(*) FROM counts"""


def _rolled(own):
    return f"""WITH {NODES}, own AS MATERIALIZED ({own})
        SELECT count(*), sum(value) FROM (
            SELECT n.node, n.parent, own.month, sum(own.value) AS value FROM own JOIN nodes n USING (path)
            GROUP BY 1, 2, 3) rolled"""


def measure():
    """Return title, head and rows of the table; PORTAL_BENCH_ROWS sets another number of rows."""
    shape = Shape.of_rows(int(os.environ.get("PORTAL_BENCH_ROWS", ROWS)))
    with province(shape) as env:
        with owner(env["DATABASE_OWNER_URL"]) as cursor:
            cursor.execute(
                "TRUNCATE statistics_ownfigure, statistics_figure, statistics_peoplefigure, statistics_recount, "
                "statistics_figurefault, messaging_touch"
            )
        bare_before, first = _bare(), _timed(recount)
        with owner(env["DATABASE_OWNER_URL"]) as cursor:
            cursor.execute("VACUUM ANALYZE")
        bare_after, again = _bare(), _timed(recount)
        figures = sum(model.objects.count() for model in (OwnFigure, Figure, PeopleFigure))
        event = _event()
    rows = [
        ("first fill", f"{bare_before:.1f}", f"{first:.1f}", f"{first / bare_before:.2f}"),
        ("nothing changed", f"{bare_after:.1f}", f"{again:.1f}", f"{again / bare_after:.2f}"),
        ("one event touched", "", f"{event:.1f}", ""),
        ("rows of figures", "", figures, ""),
    ]
    head = ("", "bare GROUP BYs s", "recount s", "ratio (<= 1.5)")
    return f"Recount of {shape.rows:,} rows at {shape.organizations:,} organisations", head, rows


def _timed(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _bare():
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for setting in ("work_mem = '256MB'", "jit = off", "statement_timeout = 0"):
            cursor.execute(f"SET LOCAL {setting}")
        for statement in bare():
            cursor.execute(statement)
    return time.perf_counter() - begun


def _event():
    """Return the time from the change of an event until its figures are right everywhere."""
    event = MatchEvent.objects.order_by("-starts_at").first()
    signup = Participation.objects.filter(offering=event, state="confirmed").first()
    Participation.objects.filter(pk=signup.pk).update(state="withdrawn")
    touch("matchmaking.matchevent", event.organization_id, event.starts_at, event.starts_at)
    took = _timed(recount_touched)
    Participation.objects.filter(pk=signup.pk).update(state="confirmed")
    touch("matchmaking.matchevent", event.organization_id, event.starts_at, event.starts_at)
    recount_touched()
    return took
