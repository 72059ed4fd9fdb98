"""Joining, leaving, promoting, expiring: written once, with the lock, the count and the order.

Every door (self, staff, import, promotion) calls these. The offering's row is the lock: who holds it counts alone.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.signups.choices import HOLDING, LIVE, SignUpState


@dataclass(frozen=True)
class Moved:
    """What a promotion changed: sign-ups that were offered a place."""

    offered: tuple


def holding_by_pool(offering):
    """Return the number of places held (confirmed or offered) by pool."""
    rows = offering.signups.filter(state__in=HOLDING).values_list("pool").annotate(n=Count("pk"))
    return dict(rows.order_by())


@transaction.atomic
def join(*, offering, member, actor, **fields):
    """Sign ``member`` up: a place if her pool has one free and nobody waits for it, else the waiting list.

    Returns (sign-up, created). Joining twice returns the live row as it is. Raises DomainError with the offering's
    own sentence when she may not join.
    """
    held = locks.hold(offering)
    model = held.signups.model
    standing = held.signups.filter(member=member, state__in=LIVE).first()
    if standing is not None:
        return standing, False
    refusal = held.refusal(member, timezone.now())
    if refusal:
        raise DomainError(refusal, code="not-eligible")
    pool = held.pool_for(member)
    free = held.capacity(pool) - holding_by_pool(held).get(pool, 0)
    waiting = held.signups.filter(pool=pool, state=SignUpState.WAITLISTED).exists()
    place = (held.signups.aggregate(last=Max("place"))["last"] or 0) + 1
    (pk,) = reserve_pks(model)
    row = model(
        pk=pk,
        offering=held,
        member=member,
        pool=pool,
        place=place,
        state=SignUpState.CONFIRMED if free > 0 and not waiting else SignUpState.WAITLISTED,
        **fields,
    )
    row.save(force_insert=True)
    audit_record(actor=actor, action="sign-up.join", about=row, to_state=row.state)
    return row, True


@transaction.atomic
def leave(*, signup, actor, note=""):
    """Take a sign-up back and offer the freed place to the next in line; returns (sign-up, Moved)."""
    offering = locks.hold(signup.offering)
    row = advance(signup, SignUpState.WITHDRAWN, actor=actor, note=note, offered_until=None)
    return row, promote(offering=offering)


@transaction.atomic
def promote(*, offering):
    """Offer free places to those who wait, in the order of joining; an offer holds the place until it expires."""
    held = locks.hold(offering)
    now = timezone.now()
    if now >= held.offer_ends_at(now):
        return Moved(())
    holding = holding_by_pool(held)
    offered = []
    pools = held.signups.filter(state=SignUpState.WAITLISTED).values_list("pool", flat=True).distinct().order_by("pool")
    for pool in list(pools):
        free = held.capacity(pool) - holding.get(pool, 0)
        if free <= 0 or not held.may_promote(pool, holding):
            continue
        waiting = held.signups.filter(pool=pool, state=SignUpState.WAITLISTED).order_by("place")
        until = held.offer_ends_at(now)
        offered += [
            advance(row, SignUpState.OFFERED, actor=Clock("signups.promote"), offered_until=until)
            for row in waiting[:free]
        ]
    return Moved(tuple(offered))


@transaction.atomic
def accept(*, signup, actor):
    """Take the offered place; too late is refused with a sentence."""
    locks.hold(signup.offering)
    held = locks.hold(signup)
    if held.state == SignUpState.OFFERED and held.offered_until <= timezone.now():
        raise DomainError(_("The offer has run out; the place went to the next in line."), code="offer-over")
    return advance(signup, SignUpState.CONFIRMED, actor=actor, offered_until=None)


@transaction.atomic
def expire(*, offering):
    """Let offers that ran out go to the next in line; returns (expired sign-ups, Moved)."""
    held = locks.hold(offering)
    over = held.signups.filter(state=SignUpState.OFFERED, offered_until__lte=timezone.now()).order_by("place")
    expired = [advance(row, SignUpState.EXPIRED, actor=Clock("signups.offer"), offered_until=None) for row in over]
    return tuple(expired), promote(offering=held)
