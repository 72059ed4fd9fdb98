"""Joining, leaving, promoting, expiring: written once, with the lock, the count and the order.

Every door (self, staff, import, promotion, walk-in) calls these. The offering's row is the lock: who holds it counts
alone. After each deed that may free or balance places the line moves in the same transaction; ``Moved`` says who was
offered a place, so that the room can tell them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.signups.choices import HOLDING, LIVE, Door, SignUpState
from portal.signups.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from typing import Any, TypeVar

    from django.db.models import QuerySet

    from portal.members.models import Member
    from portal.signups.models import Offering, SignUp

    Row = TypeVar("Row", bound=SignUp)


@dataclass(frozen=True)
class Moved:
    """What a promotion changed: sign-ups that were offered a place."""

    offered: tuple[SignUp, ...]


@dataclass(frozen=True)
class Lists:
    """The lists of an offering at one look: places held, pools in which somebody waits, the last place in line."""

    places: Places
    waiting: frozenset[str]
    last: int


def lists_of(offering: Offering) -> Lists:
    """Return the ``Lists`` of ``offering``, counted now."""
    fields = offering.places_class.fields
    held: Counter[tuple[object, ...]] = Counter()
    waiting, last = set(), 0
    rows = offering.signups.order_by().values_list("state", *fields).annotate(n=Count("pk"), top=Max("place"))
    for state, *key, count, top in rows:
        last = max(last, top)
        if state in HOLDING:
            held[tuple(key)] += count
        elif state == SignUpState.WAITLISTED:
            waiting.add(key[0])
    return Lists(offering.places(held), frozenset(waiting), last)


def places_of(offering: Offering) -> Places:
    """Return the ``Places`` of ``offering``, counted now."""
    return lists_of(offering).places


def _waiting(offering: Offering, pool: str) -> QuerySet[SignUp]:
    waiting = offering.signups.filter(pool=pool, state=SignUpState.WAITLISTED)
    return offering.with_standing(waiting).order_by("place")


def _check_standing(offering: Offering, member: Member) -> None:
    refusal = offering.standing_refusal(member)
    if refusal:
        raise DomainError(refusal, code="no-standing")


def _first_state(offering: Offering, row: SignUp, door: Door, lists: Lists) -> SignUpState:
    """A place if one is free that nobody before her may take, else the waiting list; by staff it is offered."""
    before: Iterable[SignUp] = _waiting(offering, row.pool) if row.pool in lists.waiting else ()
    if lists.places.blocks(row) or any(not lists.places.blocks(other) for other in before):
        return SignUpState.WAITLISTED
    return SignUpState.OFFERED if door == Door.STAFF else SignUpState.CONFIRMED


def _unchanged(offering: Offering, held: Offering) -> bool:
    """Say whether ``offering`` was read as ``held`` stands now."""
    return all(getattr(offering, field.attname) == getattr(held, field.attname) for field in held._meta.concrete_fields)


@transaction.atomic
def join(
    *,
    offering: Offering,
    member: Member,
    actor: Member,
    door: Door = Door.SELF,
    agree: Callable[[], object] | None = None,
    **fields: Any,
) -> tuple[SignUp, bool]:
    """Sign ``member`` up: a place if her pool has one free and nobody before her may take it, else the waiting list.

    By the door of staff a place is offered, not taken: she confirms it herself. Where sign-ups are reviewed she waits
    for that first. At the door of the event there is a place or none. Returns (sign-up, created). Joining twice returns
    the live row as it is; else ``agree`` is called to write down what she agrees to. Raises DomainError with the
    offering's own sentence when she may not join.

    In a rush all wait for whoever holds the offering, so what is hers alone is done before: her own turn keeps her from
    coming in by two doors at once.
    """
    locks.wait_turn(f"{offering._meta.label}:{offering.pk}:{member.pk}")
    standing = offering.signups.filter(member=member, state__in=LIVE).first()
    if standing is not None:
        return standing, False
    offering.settle(member)
    now = timezone.now()
    refused_before = refusal = offering.refusal(member, now, door)
    if agree and not refused_before:
        agree()
    held = locks.hold(offering)
    if _unchanged(offering, held):
        held = offering
    else:
        refusal = held.refusal(member, now, door)
    if refusal:
        raise DomainError(refusal, code="not-eligible")
    if agree and refused_before:
        agree()
    lists, pool = lists_of(held), held.pool_for(member)
    made = {"offering": held, "member": member, "pool": pool, "place": lists.last + 1, **fields}
    row = held.signups.model(**made)
    if held.reviews(member) and door == Door.SELF:
        row.state = SignUpState.APPLIED
    else:
        row.state = _first_state(held, row, door, lists)
    if door == Door.WALK_IN and row.state == SignUpState.WAITLISTED:
        raise DomainError(_("No place is free on this list."), code="no-place")
    if row.state == SignUpState.OFFERED:
        row.offered_until = held.offer_ends_at(now)
    row.save(force_insert=True)
    audit_record(actor=actor, action="sign-up.join", about=row, to_state=row.state, data={"door": str(door)})
    return row, True


@transaction.atomic
def review(*, signup: Row, accept: bool, actor: Member, note: str = "", **changes: Any) -> Row:
    """Judge a sign-up that waits for review: it gets a place or a place in line, or is declined with a reason.

    An offered place is not confirmed by this door: that is hers to do. Nobody is accepted who has no standing by then.
    """
    signup.offering.settle(signup.member)
    offering = locks.hold(signup.offering)
    held = locks.hold(signup)
    if held.state != SignUpState.APPLIED:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    if accept:
        _check_standing(offering, held.member)
    target = _first_state(offering, held, Door.SELF, lists_of(offering)) if accept else SignUpState.DECLINED
    return advance(held, target, actor=actor, note=note, **changes)


@transaction.atomic
def leave(*, signup: Row, actor: Member | Clock, note: str = "") -> tuple[Row, Moved]:
    """Take a sign-up back and offer the freed place to the next in line; returns (sign-up, Moved)."""
    offering = locks.hold(signup.offering)
    row = advance(signup, SignUpState.WITHDRAWN, actor=actor, note=note, offered_until=None)
    return row, promote(offering=offering)


@transaction.atomic
def promote(*, offering: Offering) -> Moved:
    """Offer free places to those who wait, in the order of joining; an offer holds the place until it expires.

    Whom the offering blocks (balance, too many of one unit) is passed over and stays in line. A place taken on one list
    may balance the other, so the lists are gone through until none moves.
    """
    held = locks.hold(offering)
    now = timezone.now()
    until = held.offer_ends_at(now)
    if now >= until:
        return Moved(())
    lists = lists_of(held)
    places = lists.places
    lines = {pool: list(_waiting(held, pool)) for pool in sorted(lists.waiting) if places.free(pool)}
    offered: list[SignUp] = []
    while any(_offer_next(lines[pool], places, until, offered) for pool in lines):
        continue
    return Moved(tuple(offered))


def _offer_next(line: list[SignUp], places: Places, until: datetime, offered: list[SignUp]) -> bool:
    """Offer a place to the first in ``line`` who may take one; say whether somebody was found."""
    for row in line:
        if not places.blocks(row):
            line.remove(row)
            places.take(row)
            offered.append(advance(row, SignUpState.OFFERED, actor=Clock("signups.promote"), offered_until=until))
            return True
    return False


@transaction.atomic
def accept(*, signup: Row, actor: Member, **changes: Any) -> Row:
    """Take the offered place; too late is refused with a sentence."""
    signup.offering.settle(signup.member)
    offering = locks.hold(signup.offering)
    held = locks.hold(signup)
    if held.state == SignUpState.OFFERED and held.offered_until and held.offered_until <= timezone.now():
        raise DomainError(_("The offer has run out; the place went to the next in line."), code="offer-over")
    if held.state == SignUpState.APPLIED:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    _check_standing(offering, held.member)
    return advance(signup, SignUpState.CONFIRMED, actor=actor, offered_until=None, **changes)


@transaction.atomic
def expire(*, offering: Offering) -> tuple[tuple[SignUp, ...], Moved]:
    """Let offers that ran out go to the next in line; returns (expired sign-ups, Moved)."""
    held = locks.hold(offering)
    over = held.signups.filter(state=SignUpState.OFFERED, offered_until__lte=timezone.now()).order_by("place")
    expired = [advance(row, SignUpState.EXPIRED, actor=Clock("signups.offer"), offered_until=None) for row in over]
    return tuple(expired), promote(offering=held)
