"""Faults from outside: the kind of an error, and counts that the database may refuse for a while."""

import errno

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from portal.core import faults
from portal.core.models import FaultCount


def raised(code):
    """Return the error that PostgreSQL raises with a SQLSTATE; the test's transaction stays usable."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{code}'; END $$")
    except DatabaseError as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("53100", faults.FULL),
        ("53200", faults.AWAY),
        ("53300", faults.AWAY),
        ("57P01", faults.AWAY),
        ("08006", faults.AWAY),
        ("57014", faults.BUSY),
        ("55P03", faults.BUSY),
        ("40P01", faults.BUSY),
        ("23505", None),
        ("22003", None),
        ("42P01", None),
    ],
)
def test_an_error_of_the_database_has_its_kind(code, kind):
    assert faults.kind_of(raised(code)) == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "no space"), faults.FULL),
        (OSError(errno.EDQUOT, "quota"), faults.FULL),
        (OSError(errno.ENOENT, "no file"), None),
        (OperationalError("connection refused"), faults.AWAY),
        (InterfaceError("connection already closed"), faults.AWAY),
        (ValueError("x"), None),
    ],
)
def test_other_errors_have_theirs(error, kind):
    assert faults.kind_of(error) == kind


def test_what_wraps_a_fault_is_one():
    wrapped = ValueError("x")
    wrapped.__cause__ = OSError(errno.ENOSPC, "no space")
    assert faults.kind_of(wrapped) == faults.FULL


@pytest.mark.django_db
def test_counts_of_one_minute_are_one_row():
    for _time in range(3):
        faults.note(faults.SERVER_ERROR)
    faults.write()
    faults.note(faults.SERVER_ERROR)
    faults.note(faults.SMS)
    faults.write()
    assert faults.counted(faults.SERVER_ERROR, minutes=5) == 4
    assert faults.counted(faults.SMS, minutes=5) == 1
    assert FaultCount.objects.filter(kind=faults.SERVER_ERROR).count() <= 2  # the minute may change


@pytest.mark.django_db
def test_only_a_statement_past_its_time_counts_as_cut_off():
    for code in ("57014", "55P03", "23505"):
        faults.note_error(raised(code))
    faults.write()
    assert faults.counted(faults.CUT_OFF, minutes=5) == 1


@pytest.mark.django_db
def test_what_the_database_refuses_is_written_later():
    faults.note(faults.SERVER_ERROR)

    def away(execute, sql, params, many, context):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        faults.write()
        faults.write()  # no immediate retry
    faults._not_before = 0.0  # ten seconds later; reset after the test
    faults.note(faults.SERVER_ERROR)
    faults.write()
    assert faults.counted(faults.SERVER_ERROR, minutes=5) == 2


@pytest.mark.django_db
def test_old_counts_are_swept():
    FaultCount.objects.create(kind=faults.SMS, minute=1)
    FaultCount.objects.create(kind=faults.SMS, minute=faults._minute())
    faults.sweep()
    assert FaultCount.objects.count() == 1
