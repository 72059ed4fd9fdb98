"""Joining, leaving, promoting and expiring: written once, with the lock, the count and the order.

Every way to sign up (self, staff, import, promotion, walk-in) calls these services. The row of the offering is the
lock: only the transaction that holds it counts places. After each action that may free or balance places, the waiting
list moves in the same transaction; ``Moved`` says who was offered a place, so that the area can tell them.
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
from portal.signups.choices import HOLDING, Door, SignUpState
from portal.signups.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any, TypeVar

    from django.db.models import QuerySet

    from portal.members.models import Member
    from portal.signups.models import Offering, SignUp

    Row = TypeVar("Row", bound=SignUp)


@dataclass(frozen=True)
class Moved:
    """The result of a promotion: sign-ups that were offered a place."""

    offered: tuple[SignUp, ...]


@dataclass(frozen=True)
class Lists:
    """The lists of an offering at one moment: places held, pools with people waiting, last place in line."""

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


def _check_standing(offering: Offering, person: Any) -> None:
    refusal = offering.standing_refusal(person)
    if refusal:
        raise DomainError(refusal, code="no-standing")


def _first_state(offering: Offering, row: SignUp, door: Door, lists: Lists) -> SignUpState:
    """Return the first state of ``row``: a place if one is free, else the waiting list.

    A free place that somebody earlier in line may take is not given. A place given by staff is offered, not confirmed.
    """
    if lists.places.blocks(row):
        return SignUpState.WAITLISTED
    # Asked only when a place is free: in a rush most sign-ups find none, and all wait for this lock.
    if row.pool in lists.waiting and any(not lists.places.blocks(other) for other in _waiting(offering, row.pool)):
        return SignUpState.WAITLISTED
    return SignUpState.OFFERED if door == Door.STAFF else SignUpState.CONFIRMED


def _unchanged(offering: Offering, held: Offering) -> bool:
    """Return whether ``offering`` still equals its locked row ``held``."""
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
    """Sign a person up: a place if one is free in the person's pool, else the waiting list.

    The person is ``member``, or the child among ``fields`` where sign-ups are about children. A free place that
    somebody earlier in line may take is not given. If staff sign the person up, the place is offered, not taken: the
    member confirms it. A sign-up that has to be reviewed waits for that first. A walk-in at the entrance gets a place
    or is refused. Returns (sign-up, created). If the person has joined already, the live row is returned as it is;
    otherwise ``agree`` is called to record what the member consents to. Raises DomainError with the offering's own
    sentence if the person may not join.

    In a rush all transactions wait for the one that holds the offering, so what concerns the person alone is done
    before that: a turn of the person's own prevents two sign-ups at once.
    """
    about = offering.signups.model.about
    person = member if about == "member" else fields[about]
    locks.wait_turn(f"{offering._meta.label}:{offering.pk}:{person.pk}")
    standing = offering.standing_of(person).first()
    if standing is not None:
        return standing, False
    offering.settle(person)
    now = timezone.now()
    refused_before = refusal = offering.refusal(person, now, door)
    if agree and not refused_before:
        agree()
    held = locks.hold(offering)
    if _unchanged(offering, held):
        held = offering
    else:
        refusal = held.refusal(person, now, door)
    if refusal:
        raise DomainError(refusal, code="not-eligible")
    if agree and refused_before:
        agree()
    lists, pool = lists_of(held), held.pool_for(person)
    made = {"offering": held, "member": member, "pool": pool, "place": lists.last + 1}
    row = held.signups.model(**made, **fields, **held.sign_up_fields())
    if held.reviews(person) and door == Door.SELF:
        row.state = SignUpState.APPLIED
    else:
        row.state = _first_state(held, row, door, lists)
    if door == Door.WALK_IN and row.state == SignUpState.WAITLISTED:
        raise DomainError(_("There is no free place on this list."), code="no-place")
    if row.state == SignUpState.OFFERED:
        row.offered_until = held.offer_ends_at(now)
    row.save(force_insert=True)
    audit_record(actor=actor, action="sign-up.join", about=row, to_state=row.state, data={"door": str(door)})
    return row, True


@transaction.atomic
def review(*, signup: Row, accept: bool, actor: Member, note: str = "", **changes: Any) -> Row:
    """Review a sign-up: it gets a place or a position in line, or is declined with a reason.

    An offered place is not confirmed here, because only the member may do that. A person who has no standing by then is
    not accepted.
    """
    signup.offering.settle(signup.person)
    offering = locks.hold(signup.offering)
    held = locks.hold(signup)
    if held.state != SignUpState.APPLIED:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    if accept:
        _check_standing(offering, held.person)
    target = _first_state(offering, held, Door.SELF, lists_of(offering)) if accept else SignUpState.DECLINED
    return advance(held, target, actor=actor, note=note, **changes)


@transaction.atomic
def leave(*, signup: Row, actor: Member | Clock, note: str = "") -> tuple[Row, Moved]:
    """Withdraw a sign-up and offer the freed place to the next in line; returns (sign-up, Moved)."""
    offering = locks.hold(signup.offering)
    row = advance(signup, SignUpState.WITHDRAWN, actor=actor, note=note, offered_until=None)
    return row, promote(offering=offering)


@transaction.atomic
def promote(*, offering: Offering) -> Moved:
    """Offer free places to the people who wait, in the order of joining.

    An offer holds the place until it expires. A person whom the offering blocks (balance, too many of one unit) is
    skipped and stays in line. A place taken on one list may balance the other, so the lists are processed until none
    moves.
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
    """Offer a place to the first in ``line`` who may take one; return whether somebody was found."""
    for row in line:
        if not places.blocks(row):
            line.remove(row)
            places.take(row)
            offered.append(advance(row, SignUpState.OFFERED, actor=Clock("signups.promote"), offered_until=until))
            return True
    return False


@transaction.atomic
def accept(*, signup: Row, actor: Member, **changes: Any) -> Row:
    """Accept the offered place; an expired offer is refused with a sentence."""
    signup.offering.settle(signup.person)
    offering = locks.hold(signup.offering)
    held = locks.hold(signup)
    if held.state == SignUpState.OFFERED and held.offered_until and held.offered_until <= timezone.now():
        raise DomainError(
            _("The offer has expired; the place has been offered to the next person in line."), code="offer-over"
        )
    if held.state == SignUpState.APPLIED:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    _check_standing(offering, held.person)
    return advance(signup, SignUpState.CONFIRMED, actor=actor, offered_until=None, **changes)


@transaction.atomic
def place_drawn(*, offering: Offering, order: Sequence[SignUp], actor: Member) -> Moved:
    """Put sign-ups that waited for a draw into the drawn order, and offer the places to the first of them.

    The drawn order is the order of the waiting list from now on. Who cannot take a place now keeps the position.
    """
    held = locks.hold(offering)
    for place, row in enumerate(order, lists_of(held).last + 1):
        advance(row, SignUpState.WAITLISTED, actor=actor, place=place)
    return promote(offering=held)


@transaction.atomic
def expire(*, offering: Offering) -> tuple[tuple[SignUp, ...], Moved]:
    """Expire offers past their time and offer the places to the next in line.

    Returns (expired sign-ups, Moved).
    """
    held = locks.hold(offering)
    over = held.signups.filter(state=SignUpState.OFFERED, offered_until__lte=timezone.now()).order_by("place")
    expired = [advance(row, SignUpState.EXPIRED, actor=Clock("signups.offer"), offered_until=None) for row in over]
    return tuple(expired), promote(offering=held)
