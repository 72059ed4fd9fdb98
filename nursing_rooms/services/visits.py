"""Visits counted at the door: a number of a day, and nothing about who came.

A visit is a POST with a token of the opened page, which counts once. The token is random and is forgotten after an
hour; neither address nor device is stored.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.models import RoomDay
from portal.core.errors import DomainError, TooMany
from portal.core.limits import Limit, take
from portal.messaging.services.touching import touch

if TYPE_CHECKING:
    from nursing_rooms.models import NursingRoom

SALT = "nursing_rooms.visit"
TOKEN_SECONDS = 3600


def visit_token(room: NursingRoom) -> str:
    """Return a token of an opened door page; it counts one visit of this room within an hour."""
    return signing.TimestampSigner(salt=f"{SALT}.{room.pk}").sign(secrets.token_urlsafe(12))


def visit_count(*, room: NursingRoom, token: str) -> bool:
    """Count one visit; return whether it was counted: a token counts once.

    DomainError for a room that is not open, and for a token of another room or an hour ago. At the ceiling of a room
    and hour nothing more is counted, and the day is marked. Call it outside a transaction.
    """
    if room.state != RoomState.OPEN:
        raise DomainError(_("This room is temporarily closed."), code="not-open")
    try:
        nonce = signing.TimestampSigner(salt=f"{SALT}.{room.pk}").unsign(token, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        raise DomainError(_("This page was open for too long. Please scan the code again."), code="token") from None
    try:
        take(Limit("nursing_rooms.token", nonce, 1, TOKEN_SECONDS))
    except TooMany:
        return False
    try:
        take(Limit("nursing_rooms.visits", str(room.pk), settings.ROOM_VISITS_PER_HOUR, 3600))
    except TooMany:
        _of_today(room, marked=True)
        return False
    _visited(room)
    return True


@transaction.atomic
def _visited(room: NursingRoom) -> None:
    _of_today(room, taps=F("taps") + 1)
    today = timezone.localdate()
    touch(RoomDay._meta.label_lower, room.organization_id, today, today)


def fine_count(*, room: NursingRoom) -> None:
    """Count a visitor who found the room in order today; no report is made of it."""
    _of_today(room, fine=F("fine") + 1)


@transaction.atomic
def _of_today(room: NursingRoom, **changes: object) -> None:
    today = timezone.localdate()
    RoomDay.objects.bulk_create([RoomDay(room=room, on=today)], ignore_conflicts=True)
    RoomDay.objects.filter(room=room, on=today).update(**changes)
