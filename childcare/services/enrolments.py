"""Services of enrolments: applying for a child, confirming an offered place, withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare import contract
from childcare.choices.days import AttendanceState
from childcare.choices.terms import TermState
from childcare.consents import CARE, ENROLMENT
from childcare.models import Attendance, ClassTerm, Enrolment
from childcare.services.telling import tell_expired, tell_joined, tell_no_place, tell_offered
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.members.consents import CHILD
from portal.members.models import Child, Consent
from portal.members.services.activation import names
from portal.members.services.consents import consent_give, consent_withdraw
from portal.signups import services as engine
from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.members.models import Member
    from portal.signups.models import SignUp


# What the teachers must know about a child.
CARED = ["allergies", "medicines", "notes"]


@transaction.atomic
def enrolment_apply(*, actor: Member, term: ClassTerm, child: Child) -> Enrolment:
    """Apply for a place for a child of ``actor``, who consents by doing so: a place, or a position in line.

    Refused for another person's child, and once the consent to keep the child's data is no longer valid.
    """
    locks.hold_without_key(actor)
    if child.guardian_id != actor.pk or not Consent.objects.about_child(child, CHILD).exists():
        raise DomainError(_("Enter the child under “Me” first."), code="no-child")
    row, created = engine.join(
        offering=term,
        member=actor,
        actor=actor,
        agree=lambda: consent_give(member=actor, purpose=ENROLMENT, about_id=child.pk),
        child=child,
    )
    if created:
        tell_joined(row)
    return row  # type: ignore[return-value]  # the engine knows only the abstract class


@transaction.atomic
def enrolment_accept(*, actor: Member, enrolment: Enrolment) -> Enrolment:
    """Take the place that is held for the child; a place that was taken already stays taken.

    Refused once the term is cancelled or has begun.
    """
    if enrolment.state == SignUpState.CONFIRMED:
        return enrolment
    row = engine.accept(signup=enrolment, actor=actor)
    tell_joined(row)
    return row


@transaction.atomic
def enrolment_sign(
    *, actor: Member, enrolment: Enrolment, name: str, contact_name: str, contact_phone: str
) -> Enrolment:
    """Sign the agreement for a child with a confirmed place, with the guardian's own name; time and version are kept.

    What is signed already stays as it is. Refused without a second contact: no child is in a class without two adults
    who can be reached.
    """
    held = locks.hold(enrolment)
    if held.state != SignUpState.CONFIRMED or held.offering.is_over:
        raise DomainError(_("The agreement is signed once the place is confirmed."), code="no-place")
    if held.signed_at is not None:
        return held
    if not names(actor, name):
        raise DomainError(_("Type your own full name, as it is in your account."), code="name")
    _check_contact(actor, contact_name, contact_phone)
    held.signed_at, held.signed_name, held.signed_version = timezone.now(), actor.name, contract.VERSION
    held.contact_name, held.contact_phone = contact_name, contact_phone
    held.save(update_fields=["signed_at", "signed_name", "signed_version", "contact_name", "contact_phone"])
    audit_record(actor=actor, action="enrolment.sign", about=held, data={"version": contract.VERSION})
    return held


@transaction.atomic
def enrolment_contact(*, actor: Member, enrolment: Enrolment, contact_name: str, contact_phone: str) -> Enrolment:
    """Change whom the teachers call if the guardian does not answer."""
    held = locks.hold(enrolment)
    if held.state != SignUpState.CONFIRMED:
        raise DomainError(_("This child no longer has a place in the class."), code="no-place")
    _check_contact(actor, contact_name, contact_phone)
    held.contact_name, held.contact_phone = contact_name, contact_phone
    held.save(update_fields=["contact_name", "contact_phone"])
    audit_record(actor=actor, action="enrolment.second_contact", about=held, fields=["contact_name", "contact_phone"])
    return held


def _check_contact(actor: Member, name: str, phone: str) -> None:
    if not name or not phone or phone == actor.phone:
        raise DomainError(_("The second contact is another adult, with another number than yours."), code="contact")


@transaction.atomic
def enrolment_care(
    *, actor: Member, enrolment: Enrolment, allergies: str, medicines: str, notes: str, agree: bool = True
) -> Enrolment:
    """Keep what the teachers must know about a child with a place; the guardian consents to "childcare.care" by it.

    It is asked after admission and decides nothing. Three empty answers take the consent back.
    """
    held = locks.hold(enrolment)
    if held.state != SignUpState.CONFIRMED or held.child is None:
        raise DomainError(_("This child no longer has a place in the class."), code="no-place")
    if not (allergies or medicines or notes):
        return care_forget(actor=actor, enrolment=held)
    if not agree:
        raise DomainError(_("Please agree first: without your consent nothing is saved here."), code="not-agreed")
    consent_give(member=actor, purpose=CARE, about_id=held.child.pk)
    held.allergies, held.medicines, held.notes = allergies or None, medicines or None, notes or None
    held.save(update_fields=CARED)
    audit_record(actor=actor, action="enrolment.care", about=held, fields=CARED)
    return held


def care_forget(*, actor: Member, enrolment: Enrolment) -> Enrolment:
    """Delete what the teachers had to know about a child, and take the consent to it back."""
    held = locks.hold(enrolment)
    held.allergies = held.medicines = held.notes = None
    held.save(update_fields=CARED)
    if held.child is not None:
        kept = Enrolment.objects.filter(child=held.child).exclude(pk=held.pk)
        if not any(row.has_alert or row.notes for row in kept):
            consent_withdraw(member=held.member, purpose=CARE, about_id=held.child.pk)
    audit_record(actor=actor, action="enrolment.care", about=held, fields=CARED)
    return held


@transaction.atomic
def enrolment_leave(*, actor: Member, enrolment: Enrolment) -> Enrolment:
    """Withdraw a child; the place goes to the next child in line at once, and the consent ends.

    Refused once the class is over: who was there is counted.
    """
    if enrolment.child:
        # The child comes before the term, as in every other service.
        locks.hold(enrolment.child)
    if enrolment.offering.is_over:
        raise DomainError(_("This class is over."), code="over")
    check_not_here(locks.hold(enrolment.offering), enrolment)
    row, moved = engine.leave(signup=enrolment, actor=actor)
    row.left_at = timezone.now()
    row.save(update_fields=["left_at"])
    enrolment_close(row)
    tell_offered(row.offering, moved)
    return row


def check_not_here(term: ClassTerm, enrolment: Enrolment | None = None) -> None:
    """Refuse to end the place of a child that is in the house: somebody who may collect it comes first.

    The caller holds the term. Without ``enrolment`` all children of the term are asked about.
    """
    today = Attendance.objects.filter(day__term=term, day__on=timezone.localdate())
    if enrolment is not None:
        today = today.filter(enrolment=enrolment)
    # Whoever enters an arrival at this moment is waited for, or waits.
    if any(row.state == AttendanceState.HERE for row in today.select_for_update(of=("self",)).order_by("pk")):
        raise DomainError(_("A child is in the class at this moment. It must be collected first."), code="here")


def enrolment_close(row: SignUp) -> None:
    """End the consents for the child of an enrolment that ended, once nothing depends on them any more.

    What the teachers knew of the child in this class is deleted at once.
    """
    Enrolment.objects.filter(pk=row.pk).update(**dict.fromkeys(CARED))
    if row.person and not Enrolment.objects.live().filter(child=row.person).exists():
        for purpose in (ENROLMENT, CARE):
            consent_withdraw(member=row.member, purpose=purpose, about_id=row.person.pk)


@transaction.atomic
def enrolments_end(*, child: Child, actor: Member) -> int:
    """Withdraw a child from all classes, because its guardian removes it; return how many enrolments ended."""
    rows = Enrolment.objects.filter(child=locks.hold(child)).live()
    count = 0
    for row in rows.for_list().order_by("offering_id", "-pk"):
        if row.offering.is_over:
            # Whoever took part stays counted.
            took_part = row.state == SignUpState.CONFIRMED
            target = SignUpState.LEFT if took_part else SignUpState.WITHDRAWN
            ended = advance(row, target, actor=actor, offered_until=None)
            Enrolment.objects.filter(pk=ended.pk).update(**dict.fromkeys(CARED))
        else:
            enrolment_leave(actor=actor, enrolment=row)
        count += 1
    for purpose in (ENROLMENT, CARE):
        consent_withdraw(member=child.guardian, purpose=purpose, about_id=child.pk)
    return count


def children_read(*, actor: Member, term: ClassTerm) -> None:
    """Record that ``actor`` read the names of the children of a class."""
    audit_record(actor=actor, action="term.children_read", about=term)


def check_child_change(*, child: Child, fields: Collection[str]) -> None:
    """Refuse another birth date for a child that has applied: the class judged its age by it."""
    standing = Enrolment.objects.filter(child=child, last_on__gte=timezone.localdate()).live()
    if "born_on" in fields and standing.exists():
        raise DomainError(
            _("The child has applied for a class, which judges its age by this date. Withdraw the child first."),
            code="applied",
        )


@transaction.atomic
def enrolments_erase(*, member: Member, actor: Member) -> int:
    """Free the places of an erased person's children and delete the enrolments; return how many."""
    locks.hold_all(Child.objects.filter(guardian=member))
    rows = Enrolment.objects.filter(member=member)
    for row in rows.live().filter(last_on__gte=timezone.localdate()).for_list().order_by("offering_id", "-pk"):
        enrolment_leave(actor=actor, enrolment=row)
    return rows.delete()[0]


def offers_expire() -> int:
    """Expire offers past their time and offer free places to the next in line; return how many expired.

    A place may also have become free for a child by time alone: a class on the same days is over, or a safety paper is
    valid again. Whoever still waits when the class begins is told that there is no place.
    """
    now = timezone.now()
    ended = Q(signups__state=SignUpState.OFFERED, signups__offered_until__lte=now)
    waiting = Q(signups__state__in=[SignUpState.APPLIED, SignUpState.WAITLISTED])
    count = 0
    with steps_of("childcare.offers") as steps:
        for term in ClassTerm.objects.filter(ended | waiting, state=TermState.ENROLLING).distinct():
            with steps.one(term), transaction.atomic():
                if locks.hold(term).state == TermState.ENROLLING:
                    expired, moved = engine.expire(offering=term)
                    for row in expired:
                        enrolment_close(row)
                    tell_expired(term, expired)
                    tell_offered(term, moved)
                    count += len(expired)
                    if term.has_begun:
                        _end_waiting(term)
    return count


def _end_waiting(term: ClassTerm) -> None:
    """End what waits for a place in a class that has begun: nobody gets one any more."""
    waiting = term.signups.filter(state__in=[SignUpState.APPLIED, SignUpState.WAITLISTED])
    for row in waiting.for_list().order_by("place"):
        ended = advance(row, SignUpState.WITHDRAWN, actor=Clock("childcare.begun"))
        enrolment_close(ended)
        tell_no_place(ended)
