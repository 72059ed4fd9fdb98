"""The database itself refuses negative counts, places and quotas, for any role and any statement."""

import os

import psycopg2
import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from portal.core.privileges import NARROWED, ROWS

OURS = ("portal.", "matchmaking", "rights", "nursing_rooms", "childcare", "innovation")
POSITIVE = (models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField)
# Integers that are not counts and may have any value. ``value`` is the result of a recount: the change of a stock may
# be negative.
NO_COUNTS = {"about_id", "here", "number", "last_step", "window", "organization_id", "parent_id", "value"}
LIMITS = [
    ("matchmaking_matchevent", "men_quota", 0, "matchmaking_event_quota"),
    ("matchmaking_matchevent", "men_quota", 5001, "matchmaking_event_quota"),
    ("matchmaking_matchevent", "women_quota", 0, "matchmaking_event_quota"),
    ("matchmaking_matchevent", "women_quota", 5001, "matchmaking_event_quota"),
    ("matchmaking_matchevent", "choices_per_person", 0, "matchmaking_event_choices"),
    ("matchmaking_matchevent", "choices_per_person", 6, "matchmaking_event_choices"),
]
# Values that satisfy the other rules of the table when one column of the row is wrong.
FITTING = {
    "rights_stationshift": {"starts": "09:00", "ends": "10:00"},
    "exchange_storedfile": {"about_model": "", "uploaded_by_id": 1},
    "matchmaking_matchevent": {
        "men_quota": 10, "women_quota": 10, "choices_per_person": 3,
        "starts_at": "2030-01-05", "ends_at": "2030-01-06", "signup_opens_at": "2030-01-01",
        "signup_closes_at": "2030-01-02", "choice_opens_at": "2030-01-03", "choice_closes_at": "2030-01-04",
    },
}  # fmt: skip


def tables():
    """Return the portal's models that have a table."""
    return [model for model in apps.get_models() if model.__module__.startswith(OURS)]


def counts():
    """Return (table, column) of every column that holds a count."""
    return [
        (model._meta.db_table, field.column)
        for model in tables()
        for field in model._meta.local_concrete_fields
        if isinstance(field, POSITIVE) and not field.primary_key
    ]


@pytest.fixture
def row_of(db):
    """Return a function that gives the INSERT statement and the values of a row of a table.

    The values satisfy the types of the table's required columns.
    """

    def build(table, **given):
        given = {**FITTING.get(table, {}), **given}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name, data_type, udt_name FROM information_schema.columns WHERE table_name = %s"
                " AND table_schema = 'public' AND is_nullable = 'NO' AND is_identity = 'NO'",
                [table],
            )
            columns = {name: (kind, udt) for name, kind, udt in cursor.fetchall()}
        values = {name: sample(*kind) for name, kind in columns.items()} | given
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(["%s"] * len(values))
        return f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(values.values())

    return build


def sample(kind, udt):
    kinds = {
        "boolean": False,
        "date": "2030-01-01",
        "time without time zone": "09:00",
        "timestamp with time zone": "2030-01-01T00:00:00+00:00",
        "jsonb": "{}",
        "uuid": "00000000-0000-4000-8000-000000000000",
        "bytea": b"x",
        "ARRAY": "{}",
    }
    return kinds.get(kind, 1 if udt.startswith(("int", "numeric")) else "x")


@pytest.fixture
def refused_by(row_of):
    """Return a function that names the constraint that refuses a raw INSERT, or '' if none does.

    The serving role inserts, or the owner where the serving role may not insert.
    """

    def insert(table, cursor=None, **values):
        statement, given = row_of(table, **values)
        url = "DATABASE_URL" if "INSERT" in NARROWED.get(table, ROWS) else "DATABASE_OWNER_URL"
        link = psycopg2.connect(os.environ[url]) if cursor is None else None
        try:
            (cursor or link.cursor()).execute(statement, given)
        except psycopg2.errors.CheckViolation as error:
            return error.diag.constraint_name
        except psycopg2.IntegrityError:
            return ""
        finally:
            if link:
                link.rollback()
                link.close()
        return ""

    return insert


def test_whoever_counts_cannot_count_below_nothing():
    """Every integer column of the portal is either checked or listed among those that are not counts."""
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in tables()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.IntegerField)
        and not isinstance(field, (*POSITIVE, models.AutoField, models.BigAutoField))
        and not field.is_relation
        and not isinstance(field, ArrayField)
        and field.name not in NO_COUNTS
    ]
    assert loose == []
    assert len(counts()) > 20


def test_the_serving_role_is_refused_at_every_count(refused_by):
    let_through = []
    for table, column in counts():
        found = refused_by(table, **{column: -1})
        if not found.startswith((table[:10], "matchmaking_event")):
            let_through.append((table, column, found))
    assert let_through == []


@pytest.mark.parametrize(("table", "column", "value", "constraint"), LIMITS)
def test_quotas_keep_their_bounds(refused_by, table, column, value, constraint):
    assert refused_by(table, **{column: value}) == constraint


@pytest.mark.parametrize("column", ["men_quota", "place"])
def test_control_without_its_constraint_the_row_goes_in(fresh_database, django_db_blocker, column):
    """The planted failure: the owner drops the rules of one column.

    The same statement is then no longer refused by a check.
    """
    table = {"men_quota": "matchmaking_matchevent", "place": "matchmaking_participation"}[column]
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    try:
        with owner.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"
                " AND pg_get_constraintdef(oid) LIKE %s",
                [table, f"%{column}%"],
            )
            names = [name for (name,) in cursor.fetchall()]
            assert names
            for name in names:
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            values = {**FITTING.get(table, {}), column: -1}
            with pytest.raises(psycopg2.IntegrityError) as refusal:
                cursor.execute(
                    f'INSERT INTO "{table}" ({", ".join(values)}) VALUES ({", ".join(["%s"] * len(values))})',
                    list(values.values()),
                )
            assert not isinstance(refusal.value, psycopg2.errors.CheckViolation)
    finally:
        owner.rollback()
        owner.close()
