"""Services of collecting children: who may, the codes of a day, and the hand-over itself."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.days import AttendanceState, PickUpOutcome
from childcare.models import Attendance, Enrolment, PickUpAttempt, PickUpBar, PickUpCode, PickUpPerson
from childcare.selectors.pickups import Adult, adults_of, is_barred, names_meet, phones_meet
from childcare.services.days import held_today
from childcare.services.telling import tell_bar, tell_hand_over, tell_listed
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.text import clean_code
from portal.members.identity import age_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from portal.members.models import Child, Member

GROWN_UP = 18
PERSONS_AT_MOST = 10
CODES = 1_000_000
TRIES = 5
LOCKED_MINUTES = 15
# How many of the last codes of a site are looked through, to say why a code is refused.
LOOKED_AT = 2000


def _own_child(actor: Member, child: Child) -> Child:
    held = locks.hold(child)
    if held.guardian_id != actor.pk:
        raise DomainError(_("Only the parent or guardian can do this."), code="not-guardian")
    return held


@transaction.atomic
def pickup_add(
    *,
    actor: Member,
    child: Child,
    name: str,
    phone: str,
    relation: str,
    born_on: date,
    valid_from: date,
    valid_until: date | None = None,
) -> PickUpPerson:
    """List an adult who may collect ``child``; the guardian is told.

    Refused for somebody under 18 on the first day, and for somebody who is barred from collecting the child.
    """
    held, today = _own_child(actor, child), timezone.localdate()
    if age_on(born_on, valid_from) < GROWN_UP:
        raise DomainError(_("Only adults can collect a child: 18 years or older."), code="age")
    if valid_from < today or (valid_until is not None and valid_until < valid_from):
        raise DomainError(_("The first day cannot lie in the past, and not after the last."), code="days")
    if is_barred(held, name, phone):
        raise DomainError(_("This person is barred from collecting the child."), code="barred")
    listed = list(PickUpPerson.objects.listed(held, valid_from))
    if len(listed) >= PERSONS_AT_MOST:
        raise DomainError(_("You have listed ten people; you cannot list more."), code="many")
    if any(names_meet(row.name, name) and phones_meet(row.phone, phone) for row in listed):
        raise DomainError(_("You have already listed this person."), code="known")
    (pk,) = reserve_pks(PickUpPerson)
    row = PickUpPerson.objects.create(
        pk=pk,
        child=held,
        name=name,
        phone=phone,
        relation=relation,
        born_on=born_on,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    audit_record(actor=actor, action="pickup.create", about=row)
    tell_listed(actor, row)
    return row


@transaction.atomic
def pickup_remove(*, actor: Member, pickup: PickUpPerson) -> None:
    """Take an adult off the list of a child; codes of that person end at once."""
    _own_child(actor, pickup.child)
    audit_record(actor=actor, action="pickup.remove", about=pickup)
    pickup.delete()


@transaction.atomic
def bar_add(*, actor: Member, child: Child, name: str, document: str, phone: str = "") -> PickUpBar:
    """Bar somebody from collecting a child, by the decision of a court or an authority.

    Whoever is on the list under this name or number is taken off it, and no code helps. A guardian enters it for an own
    child, a teacher for a child of the class; then the guardian is told.
    """
    held = locks.hold(child)
    (pk,) = reserve_pks(PickUpBar)
    row = PickUpBar.objects.create(
        pk=pk, child=held, name=name, phone=phone or None, document=document, entered_by=actor
    )
    audit_record(actor=actor, action="bar.create", about=row)
    for person in PickUpPerson.objects.filter(child=held):
        if is_barred(held, person.name, person.phone):
            audit_record(actor=actor, action="pickup.remove", about=person)
            person.delete()
    if actor.pk != held.guardian_id:
        tell_bar(held.guardian, row)
    return row


@transaction.atomic
def bar_end(*, actor: Member, bar: PickUpBar) -> PickUpBar:
    """End a bar. The guardian ends only what the guardian entered; a teacher only what another teacher entered."""
    held = locks.hold(bar)
    if held.ended_at is not None:
        return held
    guardian = held.child.guardian_id
    by_guardian = held.entered_by_id == guardian
    allowed = actor.pk == guardian if by_guardian else actor.pk not in (guardian, held.entered_by_id)
    allowed = allowed and not (names_meet(held.name, actor.name) or phones_meet(held.phone, actor.phone))
    if not allowed:
        raise DomainError(_("Whoever entered this bar cannot end it alone. Ask the class teachers."), code="second")
    held.ended_at, held.ended_by = timezone.now(), actor
    held.save(update_fields=["ended_at", "ended_by"])
    audit_record(actor=actor, action="bar.end", about=held)
    if actor.pk != guardian:
        tell_bar(held.child.guardian, held)
    return held


@transaction.atomic
def code_make(
    *, actor: Member, enrolment: Enrolment, person: PickUpPerson | None, children: Sequence[Child]
) -> PickUpCode:
    """Make today's code for an adult, who may collect ``children`` of the guardian with it, once.

    A code of the same adult made before ends. No two codes of one site and day are equal, ended ones included. Refused
    for an adult who is not on the list of each of the children, or barred, and for children without a place there.
    """
    today, site = timezone.localdate(), enrolment.offering.site
    for child in sorted(children, key=lambda one: one.pk):
        held = _own_child(actor, child)
        adult = next((one for one in adults_of(held, today) if one.is_same(person, actor)), None)
        if adult is None:
            raise DomainError(_("This person is not on the list of each of the children."), code="unlisted")
        if is_barred(held, adult.name, adult.phone):
            raise DomainError(_("This person is barred from collecting the child."), code="barred")
        if not Enrolment.objects.placed(site, today).filter(child=child).exists():
            raise DomainError(_("A child has no place in a class at this site today."), code="no-place")
    if not children:
        raise DomainError(_("Choose at least one child."), code="no-child")
    # Codes of one site are made one after the other.
    locks.hold(site)
    same_day = PickUpCode.objects.filter(site=site, on=today)
    same_day.valid().filter(guardian=actor, person=person).update(replaced_at=timezone.now())
    taken = {row.code for row in same_day}
    code = _new_code(taken)
    (pk,) = reserve_pks(PickUpCode)
    row = PickUpCode.objects.create(pk=pk, guardian=actor, person=person, site=site, on=today, code=code)
    row.children.set(children)
    audit_record(actor=actor, action="code.create", about=row, data={"children": len(children)})
    return row


def _new_code(taken: set[str]) -> str:
    while (code := f"{secrets.randbelow(CODES):06d}") in taken:
        pass
    return code


@transaction.atomic
def hand_over(
    *,
    actor: Member,
    attendance: Attendance,
    code: str = "",
    adult: Adult | None = None,
    who: str = "",
    is_read: bool = False,
    is_person: bool = False,
    also: Sequence[Attendance] = (),
) -> PickUpAttempt:
    """Give a child to whoever came, if that person may collect it; each attempt is stored, and the guardian is told.

    Either a ``code`` is shown, or the identity card of a listed ``adult`` was compared; ``who`` is the name of somebody
    who is not on the list. ``is_person`` says that the teacher has seen that whoever shows the code is the adult for
    whom it was made: a code can be passed on. ``is_read`` says that the teacher has read the child's allergies and
    medicines. ``also`` are siblings who leave with the child. Returns the attempt; only the outcome RELEASED lets the
    child go. DomainError for a child that is not here, and after five wrong codes in a quarter of an hour.
    """
    rows = held_today(attendance, *also)
    held = next(row for row in rows if row.pk == attendance.pk)
    for row in rows:
        if row.state != AttendanceState.HERE:
            raise DomainError(_("This child is not here now."), code="not-here")
        if row.enrolment.member_id != held.enrolment.member_id or row.day.term.site_id != held.day.term.site_id:
            raise DomainError(_("Only siblings can be collected together."), code="siblings")
        if row.enrolment.has_alert and not is_read:
            raise DomainError(_("Read what must be known about the child first, and tick that you did."), code="read")
    if code:
        _check_tries(actor, held)
        found, outcome = _code_of(held, code)
        came = _adult_of(held, found) if found else None
        if found and outcome == PickUpOutcome.RELEASED:
            outcome = _judge_code(found, came, rows)
        if outcome == PickUpOutcome.RELEASED and came and not is_person:
            raise DomainError(
                _("The code is for %(name)s (%(relation)s). Tick that this is the person who came.")
                % {"name": came.name, "relation": came.relation or _("Parent or guardian")},
                code="person",
            )
    else:
        found, came = None, adult
        outcome = _judge(came, rows)
        if came is None and who and _is_barred_from_any(rows, who):
            outcome = PickUpOutcome.BARRED
    if is_barred_oneself(actor, held):
        raise DomainError(_("You are barred from collecting this child. A colleague gives it."), code="oneself")
    return _record(actor, held, rows, outcome, came, found, who)


def _check_tries(actor: Member, held: Attendance) -> None:
    """Refuse codes after too many wrong ones: of the same teacher, or for the same child."""
    wrong = PickUpAttempt.objects.wrong_lately(LOCKED_MINUTES)
    for tries in (wrong.filter(teacher=actor), wrong.filter(attendance=held)):
        if tries.count() >= TRIES:
            raise DomainError(
                _("Five wrong codes. Codes work again in a quarter of an hour; compare the identity card meanwhile."),
                code="locked",
            )


def _code_of(held: Attendance, code: str) -> tuple[PickUpCode | None, PickUpOutcome]:
    """Return the code of the site that was shown, today's first, and what speaks against it."""
    wanted = "".join(mark for mark in clean_code(code) if mark.isdigit())
    rows = PickUpCode.objects.filter(site=held.day.term.site).order_by("-on", "-pk").select_related("person")
    for row in rows[:LOOKED_AT]:
        if not secrets.compare_digest(row.code.encode(), wanted.encode()):
            continue
        # Somebody else may be using it at this moment.
        row = locks.hold(row)
        if row.on != held.day.on:
            return row, PickUpOutcome.OTHER_DAY
        if row.used_at is not None:
            return row, PickUpOutcome.USED
        if row.replaced_at is not None:
            return row, PickUpOutcome.REPLACED
        return row, PickUpOutcome.RELEASED
    return None, PickUpOutcome.WRONG_CODE


def _adult_of(held: Attendance, code: PickUpCode) -> Adult:
    if code.person is None:
        return Adult.guardian(code.guardian)
    return Adult.listed(code.person)


def _is_barred_from_any(rows: Sequence[Attendance], who: str) -> bool:
    return any(is_barred(row.enrolment.child, who, None) for row in rows if row.enrolment.child)


def is_barred_oneself(actor: Member, held: Attendance) -> bool:
    """Return whether the teacher is barred from collecting the child."""
    child = held.enrolment.child
    return child is not None and is_barred(child, actor.name, actor.phone)


def _judge_code(code: PickUpCode, came: Adult | None, rows: Sequence[Attendance]) -> PickUpOutcome:
    named = set(code.children.values_list("pk", flat=True))
    if any(row.enrolment.child_id not in named for row in rows):
        return PickUpOutcome.OTHER_CHILD
    return _judge(came, rows)


def _judge(came: Adult | None, rows: Sequence[Attendance]) -> PickUpOutcome:
    """Return whether ``came`` may collect all children of ``rows``; a bar comes before everything else."""
    if came is None:
        return PickUpOutcome.UNLISTED
    children = [row.enrolment.child for row in rows]
    if any(child is None or is_barred(child, came.name, came.phone) for child in children):
        return PickUpOutcome.BARRED
    for row, child in zip(rows, children, strict=True):
        if child is None or not any(one.is_like(came) for one in adults_of(child, row.day.on)):
            return PickUpOutcome.UNLISTED
    return PickUpOutcome.RELEASED


def _record(
    actor: Member,
    held: Attendance,
    rows: Sequence[Attendance],
    outcome: PickUpOutcome,
    came: Adult | None,
    code: PickUpCode | None,
    who: str,
) -> PickUpAttempt:
    now, released = timezone.now(), outcome == PickUpOutcome.RELEASED
    made = {}
    for row in rows if released else [held]:
        (pk,) = reserve_pks(PickUpAttempt)
        made[row.pk] = PickUpAttempt.objects.create(
            pk=pk,
            attendance=row,
            outcome=outcome,
            adult=came.name if came else (who or None),
            # Whoever is not released may have been taken off the list meanwhile.
            person=came.person if came and released else None,
            by_code=code is not None or (came is None and not who),
            teacher=actor,
        )
        audit_record(actor=actor, action="pickup_attempt.create", about=made[row.pk], data={"outcome": str(outcome)})
        if released:
            advance(row, AttendanceState.COLLECTED, actor=actor, left_at=now, left_by=actor)
        tell_hand_over(made[row.pk])
    if released:
        if code is not None:
            code.used_at = now
            code.save(update_fields=["used_at"])
        _use_once(rows, came, now)
    return made[held.pk]


def _use_once(rows: Sequence[Attendance], came: Adult | None, now: datetime) -> None:
    """End the listing of an adult who was listed for this day only, for each of the children."""
    for row in rows if came else ():
        child = row.enrolment.child
        for adult in adults_of(child, row.day.on) if child else ():
            if came and adult.person and adult.person.is_for_one_day and adult.is_like(came):
                adult.person.used_at = now
                adult.person.save(update_fields=["used_at"])
