"""Giving duties: at once, or after a second person has approved.

``duty_give`` is the only way to a duty. It returns a Duty, or a waiting Appointment where ``needs_second`` requires
one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS
from portal.core.text import clean_prose
from portal.members.choices import AppointmentState
from portal.members.independence import phone_writers
from portal.members.models import Appointment, Duty, Member
from portal.members.rules import can_decide_appointment, may_give
from portal.members.selectors import Seconds, appointment_seconds, needs_second
from portal.members.services.duties import duty_check, duty_end, duty_write
from portal.messaging.services.messages import message_post, messages_post

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.organizations.models import Organization

CLOCK = Clock("members.appointments")
NO_SECOND = _(
    "A second person must approve this, but at present nobody can. Contact the operators of the server (recover_duty)."
)
TOO_MUCH = _("You can grant only the permissions that you hold yourself, and only within your own scope.")
DATES = _("The dates of a stand-in must lie within the duty, and the last day must be in the future.")


@transaction.atomic
def duty_give(
    *,
    actor: Member | None,
    member: Member,
    organization: Organization,
    role: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    stand_in_for: Duty | None = None,
    replaces: Duty | None = None,
) -> Duty | Appointment:
    """Give ``member`` a role at ``organization``, or propose it; ``actor`` None is the set-up of a portal.

    A member without a login gets a link by SMS once the duty exists. The member's row is locked, so that of two duties
    given at once each sees the other. ``replaces`` is the administrator's duty that ends when this one is approved.
    """
    if actor is not None:
        if actor.pk == member.pk:
            raise DomainError(_("You cannot appoint yourself."), code="own-duty")
        if not may_give(actor, role, organization):
            raise DomainError(TOO_MUCH, code="too-much")
    held = locks.hold(member)
    duty = Duty(
        member=held,
        organization=organization,
        role=role,
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
        given_by=actor,
        stand_in_for=stand_in_for,
    )
    _refuse_replacement(duty, replaces)
    duty_check(duty)
    if needs_second(actor, held, role, organization):
        return _propose(duty, replaces)
    return duty_write(duty, actor=actor)


def _refuse_replacement(duty: Duty, replaces: Duty | None) -> None:
    if replaces is None:
        return
    if duty.role not in ADMINISTRATORS or replaces.role != duty.role or replaces.member_id == duty.member_id:
        raise DomainError(
            _("An administrator can only be replaced by another person with the same duty."), code="replaces"
        )


def _propose(duty: Duty, replaces: Duty | None) -> Appointment:
    """Create the waiting appointment and tell the members who can be its second person."""
    row = Appointment(
        member=duty.member,
        organization=duty.organization,
        role=duty.role,
        valid_from=duty.valid_from,
        valid_until=duty.valid_until,
        stand_in_for=duty.stand_in_for,
        replaces=replaces,
        proposed_by=duty.given_by,
    )
    seconds = appointment_seconds(row)
    if seconds is None:
        raise DomainError(NO_SECOND, code="no-second")
    row.waits_at, row.waits_since = seconds.place, timezone.now()
    row.validate_constraints()
    row.save(force_insert=True)
    data = {"member": row.member_id, "role": row.role}
    audit_record(actor=duty.given_by, action="appointment.propose", about=row, data=data)
    _ask(row, seconds)
    return row


def _context(row: Appointment) -> dict[str, object]:
    return {"role": row.role, "organization": row.organization.name}


def _ask(row: Appointment, seconds: Seconds) -> None:
    messages_post(
        kind="members.appointment_asked",
        recipients=[(person, _context(row)) for person in seconds.people],
        about=row,
        url=row.get_absolute_url(),
    )


def _tell_proposer(row: Appointment) -> None:
    message_post(
        kind="members.appointment_settled",
        to=row.proposed_by,
        about=row,
        context={**_context(row), "state": str(row.state)},
        url=row.get_absolute_url(),
    )


@transaction.atomic
def appointment_approve(*, appointment: Appointment, actor: Member) -> Appointment:
    """Give the duty of a waiting appointment, as its second person.

    Everything that the duty requires is checked again as it is now, for both people. The duty begins today at the
    earliest; the duty that it replaces ends in the same step.
    """
    member = locks.hold(appointment.member)
    row = locks.hold(appointment)
    _refuse_second(row, actor)
    proposer = Member.objects.get(pk=row.proposed_by_id)
    if not may_give(proposer, row.role, row.organization):
        raise DomainError(
            _(
                "The person who proposed this may no longer assign this duty. Reject the proposal; "
                "an authorised person must propose the duty again."
            ),
            code="proposer",
        )
    if phone_writers(member.pk, since=row.proposed_at):
        raise DomainError(
            _(
                "The mobile number of this person was changed after the proposal. Reject the "
                "proposal and propose the duty again."
            ),
            code="phone",
        )
    duty = Duty(
        member=member,
        organization=row.organization,
        role=row.role,
        valid_from=timezone.localdate() if row.replaces_id else max(row.valid_from, timezone.localdate()),
        valid_until=row.valid_until,
        given_by=proposer,
        confirmed_by=actor,
        stand_in_for=row.stand_in_for,
    )
    if row.stand_in_for is not None:
        _refuse_stand_in(locks.hold(row.stand_in_for), member, duty.valid_from, duty.valid_until)
    if row.replaces is not None:
        _end_replaced(row.replaces, actor)
    duty_check(duty)
    duty = duty_write(duty, actor=actor)
    row = advance(row, AppointmentState.APPROVED, actor=actor, decided_by=actor, decided_at=timezone.now(), duty=duty)
    _tell_proposer(row)
    return row


def _refuse_second(row: Appointment, actor: Member) -> None:
    """Refuse an actor who cannot be the second person of ``row``.

    A row that is decided already is left to the transition check.
    """
    if row.is_waiting and not can_decide_appointment(actor, row):
        raise DomainError(
            _(
                "You cannot approve this as the second person: you proposed it, it is about you, or "
                "you are not independent of the proposer."
            ),
            code="not-second",
        )


def _end_replaced(duty: Duty, actor: Member) -> None:
    replaced = locks.hold(duty)
    if replaced.valid_until and replaced.valid_until <= timezone.localdate():
        return
    duty_end(actor=actor, duty=replaced)


@transaction.atomic
def appointment_refuse(*, appointment: Appointment, actor: Member, reason: str) -> Appointment:
    """Reject a waiting appointment, with a reason that its proposer reads."""
    row = locks.hold(appointment)
    _refuse_second(row, actor)
    row = advance(
        row,
        AppointmentState.REFUSED,
        actor=actor,
        decided_by=actor,
        decided_at=timezone.now(),
        reason=clean_prose(reason),
    )
    _tell_proposer(row)
    return row


def appointment_withdraw(*, appointment: Appointment, actor: Member) -> Appointment:
    """Withdraw a waiting appointment, for the person who proposed it."""
    return advance(appointment, AppointmentState.WITHDRAWN, actor=actor, decided_by=actor, decided_at=timezone.now())


def appointments_end(rows: QuerySet[Appointment]) -> int:
    """Expire those of ``rows`` that wait, because the member or organisation is gone; return how many."""
    done = 0
    for row in rows.filter(state=AppointmentState.WAITING).order_by("pk"):
        _tell_proposer(advance(row, AppointmentState.EXPIRED, actor=CLOCK))
        done += 1
    return done


def appointments_keep_time() -> int:
    """Expire appointments, and pass on those that wait too long at one level; return how many changed.

    Each is handled in a transaction of its own; a second run changes nothing. An appointment expires when nobody
    decided it in time, when its last day has come, or when its member or organisation is gone.
    """
    done = 0
    waiting = list(Appointment.objects.waiting().order_by("pk").values_list("pk", flat=True))
    for pk in waiting:
        with transaction.atomic():
            try:
                done += _keep_time(Appointment.objects.for_list().get(pk=pk))
            except (DomainError, Appointment.DoesNotExist):
                # It was decided or deleted in the meantime.
                continue
    return done


def _keep_time(row: Appointment) -> int:
    now = timezone.now()
    late = row.proposed_at < now - timedelta(days=settings.APPOINTMENT_DAYS)
    over = row.valid_until is not None and row.valid_until <= timezone.localdate()
    if late or over or not row.member.is_active or row.organization.closed_on is not None:
        _tell_proposer(advance(row, AppointmentState.EXPIRED, actor=CLOCK))
        return 1
    return _pass_on(row, now)


def _pass_on(row: Appointment, now: datetime) -> int:
    """Pass the row to the nearest level with a second person, and after a while to the next level."""
    held = locks.hold(row)
    if not held.is_waiting:
        return 0
    nearest = appointment_seconds(held)
    waited = held.waits_since is None or held.waits_since < now - timedelta(days=settings.APPOINTMENT_LEVEL_DAYS)
    at = held.waits_at
    if nearest is not None and at is not None and len(nearest.place.path) > len(at.path):
        # It was passed up before; a person who gets a duty below since then may decide it all the same.
        nearest = None if not waited else appointment_seconds(held, above=at)
    elif nearest is not None and at is not None and nearest.place.pk == at.pk:
        nearest = appointment_seconds(held, above=at) if waited else None
    if nearest is None:
        return 0
    held.waits_at, held.waits_since = nearest.place, now
    held.save(update_fields=["waits_at", "waits_since"])
    audit_record(actor=CLOCK, action="appointment.pass", about=held, data={"to": nearest.place.pk})
    _ask(held, nearest)
    return 1


@transaction.atomic
def stand_in_give(
    *, actor: Member, duty: Duty, member: Member, valid_from: date, valid_until: date
) -> Duty | Appointment:
    """Let ``member`` stand in for the holder of ``duty``: the same role, organisation, and days within it."""
    principal = locks.hold(duty)
    _refuse_stand_in(principal, member, valid_from, valid_until)
    return duty_give(
        actor=actor,
        member=member,
        organization=principal.organization,
        role=principal.role,
        valid_from=valid_from,
        valid_until=valid_until,
        stand_in_for=principal,
    )


def _refuse_stand_in(principal: Duty, member: Member, valid_from: date, valid_until: date | None) -> None:
    if principal.member_id == member.pk:
        raise DomainError(_("A person cannot be the stand-in for their own duty."), code="herself")
    if principal.stand_in_for_id is not None:
        raise DomainError(
            _("This duty is itself a stand-in. Appoint the stand-in for the original duty."), code="chain"
        )
    if (
        valid_until is None
        or valid_from < principal.valid_from
        or (principal.valid_until is not None and valid_until > principal.valid_until)
        or valid_until <= timezone.localdate()
    ):
        raise DomainError(DATES, code="dates")
