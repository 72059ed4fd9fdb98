"""Keys that change with every day, for what must not be recognised the day after.

The secret of a day is made when it is first needed. It is deleted within an hour after the day has ended, or when the
next one is made, whichever comes first. Then nobody can say which address a stored key was made from, and the keys of
two days have nothing in common.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from portal.core import crypto
from portal.core.fields import reserve_pks
from portal.core.models import DailySecret

if TYPE_CHECKING:
    from datetime import date

SECRET_BYTES = 32


def daily_key(text: str) -> str:
    """Return the key (64 hex digits) that stands for ``text`` today; tomorrow it is another one."""
    return crypto.token(_secret_of(timezone.localdate()), text).hex()


def _secret_of(day: date) -> bytes:
    row = DailySecret.objects.filter(day=day).first() or _made(day)
    return bytes.fromhex(row.secret)


@transaction.atomic
def _made(day: date) -> DailySecret:
    """Create the secret of a day, and delete those before it.

    Of two requests that need it at once, both get the same one.
    """
    (pk,) = reserve_pks(DailySecret)
    DailySecret.objects.bulk_create(
        [DailySecret(pk=pk, day=day, secret=secrets.token_hex(SECRET_BYTES))], ignore_conflicts=True
    )
    sweep()
    return DailySecret.objects.get(day=day)


def sweep() -> None:
    """Delete the secrets of earlier days."""
    DailySecret.objects.filter(day__lt=timezone.localdate()).delete()
