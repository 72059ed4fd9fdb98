"""A province of a given size, written in bulk into a scratch database.

It consists of organisations with their path history and facts, people and events. ``with province(PROVINCE) as env``
creates the database or takes the existing one, points Django at it, and keeps it for the next run. As facts count the
rows of head counts, terms, duties, events, participations, pairs and matchmakers.
"""

import contextlib
import dataclasses
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import sql

from tests import databases

ROOT = Path(__file__).resolve().parents[1]
CITIES, COUNTIES = 13, 128
# The days on which facts lie: five years before the end of 2026.
BEGINS, DAYS, COUNTS_EACH = "2022-01-01", 1780, 12
# Per organisation: head counts, two terms and three duties; per event: matchmakers.
FACTS_EACH, HELPERS_EACH = COUNTS_EACH + 2 + 3, 2

# One statement per table; %(name)s are the sizes. Ids are written explicitly from 1 up, without the sequences, which
# are set afterwards.
TABLES = {
    "organizations_organization": """
        INSERT INTO organizations_organization (id, kind, name, short_name, pinyin, parent_id, path, uscc,
            employment_form, industry, ownership, founded_on, version, created_at)
        SELECT n, CASE WHEN n = 1 THEN 'province' WHEN n <= 1 + %(cities)s THEN 'city'
                WHEN n <= 1 + %(cities)s + %(counties)s THEN 'county' ELSE 'grassroots' END,
            '示例单位' || n, '', 'shi li dan wei ' || n, parent,
            CASE WHEN n = 1 THEN '/1/' WHEN n <= 1 + %(cities)s THEN '/1/' || n || '/'
                WHEN n <= 1 + %(cities)s + %(counties)s THEN '/1/' || parent || '/' || n || '/'
                ELSE '/1/' || (2 + (parent - 2 - %(cities)s) %% %(cities)s) || '/' || parent || '/' || n || '/' END,
            '', CASE WHEN n %% 10 = 0 THEN 'new' ELSE 'standard' END, '', '',
            date '2015-01-01' + (n %% 3000), 1, now()
        FROM (SELECT n, CASE WHEN n = 1 THEN NULL WHEN n <= 1 + %(cities)s THEN 1
                WHEN n <= 1 + %(cities)s + %(counties)s THEN 2 + (n - 2 - %(cities)s) %% %(cities)s
                ELSE 2 + %(cities)s + n %% %(counties)s END AS parent
            FROM generate_series(1, %(organizations)s) n) o
    """,
    # Every fiftieth union moved here from the next county in the middle of 2024.
    "organizations_organizationline": """
        INSERT INTO organizations_organizationline (organization_id, path, valid_from, valid_until)
        SELECT id, path, CASE WHEN moved THEN date '2024-06-15' ELSE date '2015-01-01' END, NULL
        FROM (SELECT *, kind = 'grassroots' AND id %% 50 = 0 AS moved FROM organizations_organization) o
        UNION ALL
        SELECT o.id, c.path || o.id || '/', date '2015-01-01', date '2024-06-15'
        FROM organizations_organization o
        JOIN organizations_organization c ON c.kind = 'county'
            AND c.id = 2 + %(cities)s + (o.parent_id - 1 - %(cities)s) %% %(counties)s
        WHERE o.kind = 'grassroots' AND o.id %% 50 = 0
    """,
    "members_member": """
        INSERT INTO members_member (id, password, name, pinyin, sex, identity_kind, phone_index, marital_status,
            organization_id, language, is_active, session_key, session_epoch, version, created_at)
        SELECT n, '!', '示例', 'shi li', CASE WHEN n %% 2 = 0 THEN 'female' ELSE 'male' END, 'none', '', 'single',
            2 + %(cities)s + %(counties)s + n %% (%(organizations)s - 1 - %(cities)s - %(counties)s), '', true, '',
            0, 1, now()
        FROM generate_series(1, %(members)s) n
    """,
    "organizations_headcount": """
        INSERT INTO organizations_headcount ("on", organization_id, workers, women_workers, members, women_members,
            created_at)
        SELECT date %(begins)s + c * 148 + o %% 90, o, 200, 40 + (o + c) %% 60, 180, 30 + (o + c) %% 50, now()
        FROM generate_series(1, %(organizations)s) o, generate_series(0, %(counts)s - 1) c
    """,
    "organizations_womencommittee": """
        INSERT INTO organizations_womencommittee (organization_id, kind, term_from, term_years, term_ends_on, ended_on,
            chair_post, created_at)
        SELECT o, CASE WHEN o %% 4 = 0 THEN 'commissioner' ELSE 'committee' END, day, 5,
            (day + interval '5 years')::date, CASE WHEN t = 0 THEN day + 1100 END, '', now()
        FROM generate_series(1, %(organizations)s) o, generate_series(0, 1) t,
            LATERAL (SELECT date '2018-01-01' + o %% 900 + t * 1100 AS day) d
    """,
    "members_duty": """
        INSERT INTO members_duty (member_id, organization_id, role, valid_from, valid_until, created_at)
        SELECT 1 + (o * 3 + t) %% %(members)s, o, CASE WHEN t = 0 THEN 'chair' ELSE 'cadre' END,
            date %(begins)s + (o * 7 + t * 500) %% 1500, CASE WHEN t = 1 THEN date '2026-06-01' END, now()
        FROM generate_series(1, %(organizations)s) o, generate_series(0, 2) t
    """,
    # Three of four events are held by the province, a city or a county.
    "matchmaking_matchevent": """
        INSERT INTO matchmaking_matchevent (id, organization_id, title, summary, mode, place, slug, starts_at, ends_at,
            signup_opens_at, signup_closes_at, choice_opens_at, choice_closes_at, men_quota, women_quota,
            choices_per_person, state, created_by_id, return_reason, version, created_at, target_group, restricted,
            needs_review, table_minutes, consent_version, purpose_note)
        SELECT n, CASE WHEN n %% 4 = 0 THEN 1 + (n * 97) %% %(organizations)s
                ELSE 1 + n %% (1 + %(cities)s + %(counties)s) END, '示例活动', '',
            CASE WHEN n %% 3 = 0 THEN 'online' ELSE 'offline' END, '', 'bench' || n, t,
            t + interval '3 hours', t - interval '9 days', t - interval '2 days',
            t + interval '1 hour', t + interval '2 hours', 100, 100, 3, 'closed', 1, '', 1, now(), 'everyone', false,
            false, 8, 1, ''
        FROM generate_series(1, %(events)s) n,
            LATERAL (SELECT date %(begins)s + (n * 31) %% %(days)s + interval '18 hours' AS t) d
    """,
    "matchmaking_participation": """
        INSERT INTO matchmaking_participation (id, member_id, pool, place, state, created_at, offering_id, age, line,
            unit_id, consent_version, review_reason, walk_in, code)
        SELECT (e - 1) * %(places)s + p, 1 + (e * 37 + p * 1009) %% %(members)s,
            CASE WHEN p %% 2 = 0 THEN 'women' ELSE 'men' END, p, 'confirmed', now(), e, 29, '示例',
            1 + (e * 97 + p) %% %(organizations)s, 1, '', false, ''
        FROM generate_series(1, %(events)s) e, generate_series(1, %(places)s) p
    """,
    "matchmaking_pair": """
        INSERT INTO matchmaking_pair (event_id, one_id, two_id, held_on, state, one_says, two_says, quiet,
            one_quiet, two_quiet)
        SELECT e, (e - 1) * %(places)s + p * 2 - 1, (e - 1) * %(places)s + p * 2,
            date %(begins)s + (e * 31) %% %(days)s, 'hand_holding', 'hand_holding', 'hand_holding', false, false, false
        FROM generate_series(1, %(events)s) e, generate_series(1, %(pairs)s) p
    """,
    "matchmaking_eventmatchmaker": """
        INSERT INTO matchmaking_eventmatchmaker (member_id, valid_from, created_at, event_id)
        SELECT 1 + (e * 5 + p) %% %(members)s, date %(begins)s, now(), e
        FROM generate_series(1, %(events)s) e, generate_series(1, %(helpers)s) p
    """,
}

# Chairs are members of the organisation where they hold their duty, and their identity is confirmed.
AT_HOME = """
    UPDATE members_member m SET organization_id = d.organization_id, activated_at = now() - interval '400 days',
        proven_at = now() - interval '400 days', proof = 'earlier' FROM members_duty d
    WHERE d.member_id = m.id AND d.role = 'chair'
"""


@dataclass(frozen=True)
class Shape:
    """Numbers of rows of a province; ``places`` and ``pairs`` count per event."""

    members: int
    events: int
    places: int = 124
    pairs: int = 5
    organizations: int = 40_000

    @classmethod
    def of_rows(cls, rows):
        """Return the shape with about ``rows`` facts: events of the usual size, but more of them."""
        events = (rows - cls.organizations * FACTS_EACH) // (cls.places + cls.pairs + HELPERS_EACH)
        return cls(members=max(events * cls.places // 4, 2000), events=max(events, 1))

    @property
    def rows(self):
        """The number of facts."""
        return self.organizations * FACTS_EACH + self.events * (1 + self.places + self.pairs + HELPERS_EACH)

    def numbers(self):
        """Return the numbers that the statements take as parameters."""
        return {
            **dataclasses.asdict(self),
            "cities": CITIES,
            "counties": COUNTIES,
            "counts": COUNTS_EACH,
            "helpers": HELPERS_EACH,
            "begins": BEGINS,
            "days": DAYS,
        }


# Two million members, and what is held in five years: 1,052 events, 130,000 participations, 5,585 pairs.
PROVINCE = Shape(members=2_000_000, events=1_052)


@contextlib.contextmanager
def province(shape=PROVINCE):
    """Point Django at a province of ``shape``, which the first call creates."""
    name = "portal_province_{organizations}_{members}_{events}".format(**shape.numbers())
    env = {key: databases.url_for(os.environ[key], name) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    if _exists(name):
        _migrate(env)
    else:
        _make(name, env, shape.numbers())
    with databases.default_connection(env["DATABASE_URL"]):
        yield env


@contextlib.contextmanager
def owner(url):
    """Open a cursor as the database owner, with every statement in its own transaction."""
    connection = psycopg2.connect(url, options="-c statement_timeout=0 -c lock_timeout=0")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _exists(name):
    with owner(os.environ["DATABASE_OWNER_URL"]) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _migrate(urls):
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0", "--no-input"],
        cwd=ROOT,
        env={**os.environ, **urls, "PORTAL_DATABASE_ROLE": "owner"},
        check=True,
    )


def _make(name, env, numbers):
    building = f"{name}_building"
    with owner(os.environ["DATABASE_OWNER_URL"]) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(building)))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template1").format(sql.Identifier(building)))
    urls = {key: databases.url_for(url, building) for key, url in env.items()}
    _migrate(urls)
    with owner(urls["DATABASE_OWNER_URL"]) as cursor:
        for table, statement in TABLES.items():
            begun = time.perf_counter()
            cursor.execute(statement, numbers)
            print(f"  {table}: {cursor.rowcount} rows in {time.perf_counter() - begun:.0f} s", flush=True)
            cursor.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {}").format(
                    sql.Identifier(table)
                ),
                [table],
            )
        cursor.execute(AT_HOME)
        cursor.execute("VACUUM ANALYZE")
    with owner(os.environ["DATABASE_OWNER_URL"]) as cursor:
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        cursor.execute(statement.format(sql.Identifier(building), sql.Identifier(name)))
