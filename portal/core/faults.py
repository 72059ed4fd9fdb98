"""External faults: which kind an exception is, and how many there were, counted in PostgreSQL.

A fault is counted in the process and written afterwards with one small upsert. If the database does not accept the
count, because the database is the fault, the count stays in the process and is written once the database is back.
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
# Kinds of faults that are counted.
SERVER_ERROR, CUT_OFF, SMS, EMAIL = "server_error", "cut_off", "sms", "email"

NO_ROOM = _("The disk of the portal is full, so nothing was saved, not even in part. Please try again later.")

DISK_FULL, QUERY_CANCELED = "53100", "57014"
# A lock not free in time, a statement past its timeout, a deadlock.
BUSY_CODES = {QUERY_CANCELED, "55P03", "40P01", "40001"}
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT}
KEPT_MINUTES = 24 * 60
AGAIN_SECONDS = 10

logger = logging.getLogger(__name__)
_lock = Lock()
_noted: Counter[tuple[str, int]] = Counter()
_not_before = 0.0


def kind_of(error: BaseException | None) -> str | None:
    """Return AWAY, BUSY or FULL for an exception caused by an external fault, else None.

    AWAY is a database that is unreachable or has no connection or memory left; BUSY is one that cut the statement off;
    FULL is a full disk, the database's or the portal's.
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
    """Return the SQLSTATE of a database error; '' if the server sent none, as when it was unreachable."""
    return getattr(error.__cause__, "pgcode", None) or ""


def note(kind: str) -> None:
    """Count one fault of ``kind`` in this minute; ``write`` stores the count."""
    with _lock:
        _noted[kind, _minute()] += 1


def note_error(error: BaseException | None) -> None:
    """Count ``error`` if it is a statement that was cut off by its timeout."""
    while error is not None:
        if isinstance(error, OperationalError) and code_of(error) == QUERY_CANCELED:
            note(CUT_OFF)
            return
        error = error.__cause__


def write() -> None:
    """Write the counts; those that cannot be written are kept and not tried again for ten seconds."""
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
        # A count that cannot be written must not prevent any response.
        _not_before = time.monotonic() + AGAIN_SECONDS
        logger.debug("faults are not written: %s", type(error).__name__)
        with _lock:
            _noted.update({key: count for key, count in taken.items() if key[1] >= oldest})


def counted(kind: str, *, minutes: int) -> int:
    """Return the number of faults of ``kind`` in this minute and the ``minutes`` before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(count), 0) FROM core_faultcount WHERE kind = %s AND minute >= %s",
            [kind, _minute() - minutes],
        )
        return int(cursor.fetchone()[0])


def sweep() -> None:
    """Delete counts that are more than a day old."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_faultcount WHERE minute < %s", [_minute() - KEPT_MINUTES])


def forget() -> None:
    """Drop the counts that are not written yet."""
    global _not_before
    with _lock:
        _noted.clear()
        _not_before = 0.0


def _minute() -> int:
    return int(time.time()) // 60
