"""Limits that live in PostgreSQL, so that they hold when the broker is dead."""

from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core import crypto
from portal.core.errors import TooMany
from portal.core.models import Throttle

TOO_MANY = _("That was tried too often. Please wait a little and try again.")


def consume(purpose, key, *, limit, seconds):
    """Count one try of ``key`` and return how many the window of ``seconds`` now holds; TooMany past ``limit``.

    Call it outside a transaction that may be rolled back: the count must stay.
    """
    count = _count(purpose, key, seconds)
    if count > limit:
        raise TooMany(TOO_MANY, code="too-many")
    return count


def used(purpose, key, *, seconds):
    """Return how many tries this window and the one before it hold, without counting one.

    A lock judged by it lasts for ``seconds`` at least, also when the last try fell on the end of a window.
    """
    window = int(timezone.now().timestamp()) // seconds
    rows = Throttle.objects.filter(bucket=crypto.blind_index(f"limit.{purpose}", key), window__in=(window - 1, window))
    return sum(row.count for row in rows)


def clear(purpose, key):
    """Forget the tries of ``key``: it has shown that it may."""
    Throttle.objects.filter(bucket=crypto.blind_index(f"limit.{purpose}", key)).delete()


def sweep():
    """Delete windows that are over."""
    Throttle.objects.filter(ends_at__lt=timezone.now()).delete()


def _count(purpose, key, seconds):
    window = int(timezone.now().timestamp()) // seconds
    ends_at = datetime.fromtimestamp((window + 2) * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO core_throttle (bucket, "window", count, ends_at) VALUES (%s, %s, 1, %s)'
            ' ON CONFLICT (bucket, "window") DO UPDATE SET count = core_throttle.count + 1 RETURNING count',
            [crypto.blind_index(f"limit.{purpose}", key), window, ends_at],
        )
        return cursor.fetchone()[0]
