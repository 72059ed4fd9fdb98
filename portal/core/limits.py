"""Limits stored in PostgreSQL, so that they hold when the broker is down.

There are two kinds. ``consume`` is for work that has a cost: a number per hour, in windows that end by the clock.
``take`` is for anything that can be guessed: it counts an attempt before the guess is judged, so that no more
simultaneous attempts are judged than consecutive ones, and ``Taken.give_back`` removes the count when the guess was
right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core import crypto
from portal.core.errors import TooMany
from portal.core.models import Throttle

if TYPE_CHECKING:
    from django.utils.functional import Promise

PROVIDER_BITS = 64
TOO_MANY = _("Too many attempts. Please wait a moment and try again.")
# An attempt is forgotten after ``seconds`` and at most a sixth of that more.
SLOTS = 6


@dataclass(frozen=True)
class Limit:
    """At most ``most`` attempts by ``key`` in any ``seconds``; ``purpose`` separates limits of one key."""

    purpose: str
    key: str
    most: int
    seconds: int

    @property
    def bucket(self) -> str:
        """The blind index under which the attempts are stored."""
        return crypto.blind_index(f"limit.{self.purpose}", self.key)

    @property
    def slot_seconds(self) -> int:
        """The length in seconds of the slots in which attempts are stored."""
        return max(1, self.seconds // SLOTS)


@dataclass(frozen=True)
class Taken:
    """Attempts that were counted: (bucket, slot) of each."""

    places: tuple[tuple[str, int], ...]

    def give_back(self) -> None:
        """Remove the counts again: the guess was right, or nothing was guessed after all."""
        with connection.cursor() as cursor:
            for bucket, slot in sorted(self.places):
                cursor.execute(
                    'UPDATE core_throttle SET count = count - 1 WHERE bucket = %s AND "window" = %s AND count > 0',
                    [bucket, slot],
                )


def network_of(address: str) -> str:
    """Return the key for counting attempts from ``address``; an IPv6 address counts as its /64.

    A household or a phone has a whole /64; otherwise each of its addresses would start a count of its own.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ip_network((found, PROVIDER_BITS), strict=False))


def take(*limits: Limit, message: str | Promise = TOO_MANY, code: str = "too-many") -> Taken:
    """Count one attempt under each of ``limits`` before it is judged; TooMany if one of them is used up.

    Either all limits count the attempt or none: a refused attempt is not counted, so it neither prolongs a lock nor
    uses up another's attempts. Simultaneous attempts wait for each other only here. Call it before the guess is judged
    and outside a transaction that may be rolled back; or inside one where a refusal is not to count. Returns what was
    counted.
    """
    by_bucket = sorted((limit.bucket, limit) for limit in limits)
    places = []
    with transaction.atomic(), connection.cursor() as cursor:
        for bucket, _limit in by_bucket:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(bucket[:15], 16)])
        now = int(timezone.now().timestamp())
        for bucket, limit in by_bucket:
            slot = now // limit.slot_seconds
            cursor.execute(
                'INSERT INTO core_throttle (bucket, "window", count, ends_at)'
                " SELECT %s, %s, 1, %s WHERE %s > (SELECT coalesce(sum(count), 0) FROM core_throttle"
                ' WHERE bucket = %s AND "window" BETWEEN %s AND %s)'
                ' ON CONFLICT (bucket, "window") DO UPDATE SET count = core_throttle.count + 1 RETURNING count',
                [
                    bucket,
                    slot,
                    datetime.fromtimestamp((slot + SLOTS + 2) * limit.slot_seconds, UTC),
                    limit.most,
                    bucket,
                    slot - SLOTS,
                    slot,
                ],
            )
            if cursor.fetchone() is None:
                raise TooMany(message, code=code)
            places.append((bucket, slot))
    return Taken(tuple(places))


def consume(purpose: str, key: str, *, limit: int, seconds: int) -> int:
    """Count one attempt by ``key``; return the current window's count, or raise TooMany past ``limit``.

    A window lasts ``seconds``. Call this outside a transaction that may be rolled back, because the count must stay.
    """
    count = _count(purpose, key, seconds)
    if count > limit:
        raise TooMany(TOO_MANY, code="too-many")
    return count


def used(purpose: str, key: str, *, seconds: int) -> int:
    """Return the number of attempts in this window and the one before it, without counting one."""
    window = int(timezone.now().timestamp()) // seconds
    rows = Throttle.objects.filter(bucket=crypto.blind_index(f"limit.{purpose}", key), window__in=(window - 1, window))
    return sum(row.count for row in rows)


def clear(purpose: str, key: str) -> None:
    """Forget the attempts by ``key``, which has shown that it is allowed."""
    Throttle.objects.filter(bucket=crypto.blind_index(f"limit.{purpose}", key)).delete()


def sweep() -> None:
    """Delete windows that are over."""
    Throttle.objects.filter(ends_at__lt=timezone.now()).delete()


def _count(purpose: str, key: str, seconds: int) -> int:
    window = int(timezone.now().timestamp()) // seconds
    ends_at = datetime.fromtimestamp((window + 2) * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO core_throttle (bucket, "window", count, ends_at) VALUES (%s, %s, 1, %s)'
            ' ON CONFLICT (bucket, "window") DO UPDATE SET count = core_throttle.count + 1 RETURNING count',
            [crypto.blind_index(f"limit.{purpose}", key), window, ends_at],
        )
        return int(cursor.fetchone()[0])
