"""Services for the day of an event: check-in codes, check-in, walk-ins, seating."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import HELD_STATES, EventState
from matchmaking.models import MatchEvent, Participation, Seat, SeatPlan, SingleProfile
from matchmaking.rounds import round_plan
from matchmaking.services.participations import check_line, take_place
from matchmaking.services.standing import signups_end
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.text import whole_number
from portal.members.choices import SightingMeans
from portal.members.services.proofs import can_see_person, sighting_note
from portal.signups.choices import Door, SignUpState

if TYPE_CHECKING:
    from portal.members.models import Member

SALT = "matchmaking.door"
LARGEST_PLACE = 99_999
DOOR_STATES = (EventState.SIGNUP_CLOSED, EventState.SHORTLISTED, EventState.RUNNING, EventState.CHOICE_OPEN)


class Arrival(models.TextChoices):
    """The result of a code at check-in."""

    COME_IN = "come_in", _("Please enter")
    ALREADY = "already", _("Already checked in")
    WRONG_EVENT = "wrong_event", _("This code is for another event")
    NOT_CONFIRMED = "not_confirmed", _("No place at this event")
    UNKNOWN = "unknown", _("No such check-in code")


@dataclass(frozen=True)
class AtTheDoor:
    """The answer at check-in: the result, and the participant where there is one."""

    arrival: Arrival
    row: Participation | None = None


def door_token(row: Participation) -> str:
    """Return the content of a participant's QR code: the signed id of the sign-up.

    It gives access to nothing for anybody but an organiser.
    """
    return signing.dumps(row.pk, salt=SALT)


def row_of_token(token: str) -> Participation | None:
    """Return the participant that a signed code names, or None."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Participation.objects.select_related("offering__organization", "member").filter(pk=pk).first()


def row_of_code(event: MatchEvent, code: str) -> Participation | None:
    """Return the participant of ``event`` who has the typed ``code`` or card number, or None."""
    code = code.strip().upper()
    rows = event.signups.select_related("offering__organization", "member")
    found = rows.filter(code=code).exclude(code="").first()
    place = whole_number(code[1:], LARGEST_PLACE) if code[:1] in {"M", "W"} else None
    if found is not None or place is None:
        return found
    return next((row for row in rows.filter(place=place) if row.number == code), None)


def codes_fill(*, event: MatchEvent) -> int:
    """Give a check-in code to everybody of ``event`` who has none yet; the caller has locked the event."""
    rows = list(event.signups.filter(code="").only("pk", "code", "offering_id"))
    taken = set(event.signups.exclude(code="").values_list("code", flat=True))
    for row in rows:
        code = new_code()
        while code in taken:
            code = new_code()
        row.code = code
        taken.add(code)
    Participation.objects.bulk_update(rows, ["code"], batch_size=500)
    return len(rows)


def new_code() -> str:
    """Return a random code of six digits."""
    return f"{secrets.randbelow(10**6):06d}"


@transaction.atomic
def check_in(*, event: MatchEvent, row: Participation | None, actor: Member, ticket: bool = False) -> AtTheDoor:
    """Check a participant in, once.

    Each obstacle has a result of its own, and a repeat does no harm. ``row`` is what a code named, or None. ``ticket``:
    the code was on the person's own phone, so ``actor`` has seen the person with it, unless the account got its phone
    after the ticket. Refused while check-in for the event is not open. A person whose standing has ended has no place
    any more, and is told so by the portal alone.
    """
    if row is None:
        return AtTheDoor(Arrival.UNKNOWN)
    if row.offering_id != event.pk:
        return AtTheDoor(Arrival.WRONG_EVENT)
    locks.hold_all(SingleProfile.objects.filter(member=row.member_id))
    held_event = locks.hold(event)
    if held_event.state not in DOOR_STATES:
        raise DomainError(_("Check-in for this event is not open now."), code="doors-closed")
    signups_end(members=[row.member])
    held = locks.hold(row)
    if held.checked_in_at is not None and held.state == SignUpState.CONFIRMED:
        return AtTheDoor(Arrival.ALREADY, held)
    if held.state != SignUpState.CONFIRMED:
        return AtTheDoor(Arrival.NOT_CONFIRMED, held)
    held.checked_in_at = timezone.now()
    held.checked_in_by = actor
    held.save(update_fields=["checked_in_at", "checked_in_by"])
    audit_record(actor=actor, action="participation.check-in", about=held, fields=["checked_in_at"])
    if ticket and _is_of_this_phone(held) and can_see_person(actor, row.member):
        sighting_note(actor=actor, member=row.member, phone_index=row.member.phone_index, how=SightingMeans.CHECK_IN)
    return AtTheDoor(Arrival.COME_IN, held)


def _is_of_this_phone(row: Participation) -> bool:
    """Return whether the account already had its present phone when the sign-up was created.

    A ticket, or a picture of it, stays with the person when somebody else moves the account: it proves nothing about a
    phone that was added later.
    """
    confirmed = row.member.phone_confirmed_at
    return confirmed is not None and confirmed <= row.created_at


@transaction.atomic
def check_in_undo(*, row: Participation, actor: Member) -> Participation:
    """Undo a check-in that was a mistake."""
    held = locks.hold(row)
    if held.checked_in_at is None:
        raise DomainError(_("This participant has not checked in."), code="not-in")
    held.checked_in_at = None
    held.checked_in_by = None
    held.save(update_fields=["checked_in_at", "checked_in_by"])
    audit_record(actor=actor, action="participation.check-in-undo", about=held, fields=["checked_in_at"])
    return held


def check_in_herself(*, row: Participation, actor: Member) -> AtTheDoor:
    """Check in as the participant at an online event, while it is on."""
    event = row.offering
    now = timezone.now()
    if row.member_id != actor.pk or not event.starts_at <= now < event.ends_at:
        raise DomainError(_("You can check in only while the event is in progress."), code="not-now")
    return check_in(event=event, row=row, actor=actor)


@transaction.atomic
def walk_in(*, event: MatchEvent, member: Member, line: str) -> Participation:
    """Let a member take part without an earlier sign-up, where a place is free.

    The member writes the card and consents on their own phone.
    """
    row, created = take_place(
        event=event, member=member, actor=member, line=check_line(line, member), door=Door.WALK_IN, walk_in=True
    )
    if not created and row.state != SignUpState.CONFIRMED:
        raise DomainError(_("You are already on the list. Please ask the staff at the event."), code="on-the-list")
    codes_fill(event=event)
    return row


def seats_people(event: MatchEvent) -> tuple[list[Participation], list[Participation]]:
    """Return who is seated, men and women by number.

    These are the people who have checked in, or everybody with a place while nobody has checked in.
    """
    rows = event.signups.confirmed()
    if event.state not in HELD_STATES:  # after the event this would reveal who is no longer single
        rows = rows.standing()
    rows = rows.order_by("place")
    here = [row for row in rows if row.checked_in_at]
    seated = here or list(rows)
    return [row for row in seated if row.pool == "men"], [row for row in seated if row.pool == "women"]


@transaction.atomic
def seats_plan(*, event: MatchEvent, actor: Member, tables: int | None = None) -> SeatPlan:
    """Make the seat plan of an event anew; refused once its rounds have begun."""
    event = locks.hold(event)
    standing = SeatPlan.objects.filter(event=event).first()
    if standing is not None and standing.current:
        raise DomainError(_("The rounds have begun: the seating plan can no longer be changed."), code="begun")
    men, women = seats_people(event)
    if not men or not women:
        raise DomainError(_("A seating plan needs participants on both the men's and the women's list."), code="nobody")
    rounds = round_plan(men, women, tables)
    if standing is not None:
        standing.delete()
    plan = SeatPlan.objects.create(
        event=event,
        rounds=len(rounds),
        tables=max(len(seats) for seats in rounds),
        made_by=actor,
    )
    Seat.objects.bulk_create(
        (
            Seat(plan=plan, round_number=number, table_number=table, man=man, woman=woman)
            for number, seats in enumerate(rounds, start=1)
            for table, man, woman in seats
        ),
        batch_size=2000,
    )
    audit_record(actor=actor, action="event.seats", about=event, data={"rounds": plan.rounds, "tables": plan.tables})
    return plan


@transaction.atomic
def seats_next(*, plan: SeatPlan, actor: Member, after: int) -> SeatPlan:
    """Begin the round after ``after``, the round that the organiser saw.

    A second click finds the round begun and changes nothing.
    """
    held = locks.hold(plan)
    if held.current != after:
        return held
    if held.current >= held.rounds:
        raise DomainError(_("That was the last round."), code="last")
    held.current += 1
    held.begun_at = timezone.now()
    held.save(update_fields=["current", "begun_at"])
    audit_record(actor=actor, action="event.round", about=held.event, data={"round": held.current})
    return held
