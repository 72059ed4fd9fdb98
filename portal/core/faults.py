"""Faults that are nobody's doing: which kind an exception is, and how many there were, counted in PostgreSQL.

A count is noted in the process and written with one small upsert afterwards. What the database does not take, because
it is the fault, waits in the process and is written once it is back.
"""

import errno
import logging
import time
from collections import Counter
from threading import Lock

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

# Kinds of exceptions.
AWAY, BUSY, FULL = "away", "busy", "full"
# What is counted.
SERVER_ERROR, CUT_OFF, SMS, EMAIL = "server_error", "cut_off", "sms", "email"

NO_ROOM = _("The disk of the portal is full, so this was not saved. Nothing was saved in part; please try again later.")

DISK_FULL, QUERY_CANCELED = "53100", "57014"
# A lock that is not free in time, a statement past its time, two that wait for each other.
BUSY_CODES = {QUERY_CANCELED, "55P03", "40P01", "40001"}
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT}
KEPT_MINUTES = 24 * 60
AGAIN_SECONDS = 10

logger = logging.getLogger(__name__)
_lock = Lock()
_noted: Counter[tuple[str, int]] = Counter()
_not_before = 0.0


def kind_of(error: BaseException | None) -> str | None:
    """Return AWAY, BUSY or FULL for an exception that is a fault from outside, else None.

    AWAY is a database that is not there or has no connection or memory left; BUSY one that cut the statement off; FULL
    a disk without room, the database's or ours.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in DISK_ERRORS:
            return FULL
        if isinstance(error, (OperationalError, InterfaceError)):
            code = code_of(error)
            return FULL if code == DISK_FULL else BUSY if code in BUSY_CODES else AWAY
        error = error.__cause__
    return None


def code_of(error: BaseException) -> str:
    """Return the SQLSTATE of a database error; '' where the server said none, as when it could not be reached."""
    return getattr(error.__cause__, "pgcode", None) or ""


def note(kind: str) -> None:
    """Count one fault of ``kind`` in this minute; ``write`` writes it."""
    with _lock:
        _noted[kind, _minute()] += 1


def note_error(error: BaseException | None) -> None:
    """Count a statement that was cut off by its time, if ``error`` is one."""
    while error is not None:
        if isinstance(error, OperationalError) and code_of(error) == QUERY_CANCELED:
            note(CUT_OFF)
            return
        error = error.__cause__


def write() -> None:
    """Write what was noted; what cannot be written stays noted, and is not tried again for ten seconds."""
    global _not_before
    if not _noted or time.monotonic() < _not_before:
        return
    with _lock:
        taken, oldest = dict(_noted), _minute() - KEPT_MINUTES
        _noted.clear()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for (kind, minute), count in sorted(taken.items()):
                cursor.execute(
                    "INSERT INTO core_faultcount (kind, minute, count) VALUES (%s, %s, %s)"
                    " ON CONFLICT (kind, minute) DO UPDATE SET count = core_faultcount.count + excluded.count",
                    [kind, minute, count],
                )
    except Exception as error:
        # A count that cannot be written takes no answer from anybody.
        _not_before = time.monotonic() + AGAIN_SECONDS
        logger.debug("faults are not written: %s", type(error).__name__)
        with _lock:
            _noted.update({key: count for key, count in taken.items() if key[1] >= oldest})


def counted(kind: str, *, minutes: int) -> int:
    """Return how many faults of ``kind`` this minute and the ``minutes`` before it hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(count), 0) FROM core_faultcount WHERE kind = %s AND minute >= %s",
            [kind, _minute() - minutes],
        )
        return int(cursor.fetchone()[0])


def sweep() -> None:
    """Delete counts of more than a day ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_faultcount WHERE minute < %s", [_minute() - KEPT_MINUTES])


def forget() -> None:
    """Drop what is noted and not yet written."""
    global _not_before
    with _lock:
        _noted.clear()
        _not_before = 0.0


def _minute() -> int:
    return int(time.time()) // 60
