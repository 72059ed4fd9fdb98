"""Why a waiting list moves or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.signups.choices import SignUpState
from portal.signups.services import places_of

if TYPE_CHECKING:
    from portal.signups.models import Offering


@dataclass(frozen=True)
class Line:
    """One waiting list: people waiting, free places, open offers and when the last of these expires.

    ``blocked`` is why the first person in line gets no place now (a ``Blocked``, or ''); ``over`` says that the time
    for offers is over.
    """

    pool: str
    waiting: int
    free: int
    offers: int
    offers_end_at: datetime | None
    blocked: str
    over: bool


def line_of(offering: Offering, pool: str) -> Line:
    """Return the ``Line`` of one pool of ``offering``."""
    rows = offering.signups.filter(pool=pool)
    waiting = list(rows.filter(state=SignUpState.WAITLISTED).order_by("place"))
    offers = list(rows.filter(state=SignUpState.OFFERED).values_list("offered_until", flat=True))
    places = places_of(offering)
    now = timezone.now()
    return Line(
        pool=pool,
        waiting=len(waiting),
        free=places.free(pool),
        offers=len(offers),
        offers_end_at=max((until for until in offers if until), default=None),
        blocked=str(places.blocks(waiting[0])) if waiting else "",
        over=now >= offering.offer_ends_at(now),
    )
