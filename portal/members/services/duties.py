"""Services that write and end duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS
from portal.members.models import Duty, Member
from portal.members.models.duties import APART
from portal.members.services.invitations import invitation_send
from portal.members.services.telling import account_tell
from portal.messaging.services.touching import touch

if TYPE_CHECKING:
    from datetime import date


TOO_EARLY = _("This duty began on %(day)s. It cannot end before that day, so that the list of duties stays correct.")


def duty_check(duty: Duty) -> None:
    """Refuse a duty that could not be held; run before it is proposed and again before it is written."""
    if duty.role in ADMINISTRATORS and duty.organization.parent_id is not None:
        raise DomainError(_("Administrators can only be appointed at the provincial federation."), code="not-root")
    if not duty.member.is_active:
        raise DomainError(_("This account is closed."), code="closed")
    if duty.organization.closed_on is not None:
        raise DomainError(_("This organisation is closed."), code="closed")
    if duty.valid_until is not None and duty.valid_until <= duty.valid_from:
        raise ValidationError({"valid_until": _("A duty must end after it begins.")})
    _refuse_work_beside_administration(duty)
    duty.full_clean(exclude=["given_by", "confirmed_by", "stand_in_for"])
    _refuse_double(duty)


def duty_write(duty: Duty, *, actor: Member | None) -> Duty:
    """Write a checked duty, tell its holder, and send a link if the holder has no login.

    The holder's row is locked. ``actor`` gives or approves the duty, and is None at set-up.
    """
    duty.save(force_insert=True)
    touch(Duty._meta.label_lower, duty.organization_id, duty.valid_from)
    data = {"member": duty.member_id, "role": duty.role}
    if duty.confirmed_by_id:
        data["proposed_by"] = duty.given_by_id
    audit_record(actor=actor, action="duty.give", about=duty, data=data)
    if actor is not None:
        account_tell(
            member=duty.member,
            kind="members.duty",
            about=duty,
            context={"role": duty.role, "organization": duty.organization.name, "from": duty.valid_from.isoformat()},
        )
        if duty.member.phone and not duty.member.has_usable_password():
            invitation_send(actor=actor, member=duty.member)
    return duty


def _on_these_days(duty: Duty) -> Q:
    """Return the condition that another duty is held on at least one of the days of ``duty``."""
    later = Q(valid_until=None) | Q(valid_until__gt=duty.valid_from)
    return later & (Q(valid_from__lt=duty.valid_until) if duty.valid_until else Q())


def _refuse_double(duty: Duty) -> None:
    """Refuse a role that the member already holds at the same organisation on the same days."""
    same = Duty.objects.filter(member_id=duty.member_id, organization_id=duty.organization_id, role=duty.role)
    if same.filter(_on_these_days(duty)).exclude(pk=duty.pk).exists():
        raise ValidationError(_("This person already holds this role here."))


def _refuse_work_beside_administration(duty: Duty) -> None:
    """Refuse an administrator's duty beside a duty of the work areas on the same days, or the reverse."""
    others = Duty.objects.filter(member_id=duty.member_id).filter(_on_these_days(duty)).exclude(pk=duty.pk)
    administers = Q(role__in=ADMINISTRATORS)
    if others.filter(~administers if duty.role in ADMINISTRATORS else administers).exists():
        raise DomainError(APART, code="apart")


@transaction.atomic
def duty_end(*, actor: Member | None, duty: Duty, on: date | None = None, reason: str = "", tell: bool = True) -> Duty:
    """End a duty and its stand-ins from ``on``, by default today.

    The holder's next request no longer has the duty. The former holders are told, unless ``tell`` is false because the
    member is about to be erased. A duty that has begun stays in the lists; one that has not begun is deleted when
    ``on`` is not after its first day.
    """
    held = locks.hold(duty)
    on = on or timezone.localdate()
    if held.valid_until and held.valid_until <= on:
        raise DomainError(_("This duty has already ended."), code="ended")
    if _has_begun(held) and on < held.valid_from:
        raise DomainError(TOO_EARLY % {"day": held.valid_from.isoformat()}, code="too-early")
    for stand_in in locks.hold_all(Duty.objects.filter(stand_in_for=held, valid_until__gt=on)):
        _end(actor, stand_in, on, reason, tell)
    return _end(actor, held, on, reason, tell)


def _has_begun(duty: Duty) -> bool:
    return bool(duty.valid_from <= timezone.localdate())


def _end(actor: Member | None, held: Duty, on: date, reason: str, tell: bool) -> Duty:
    if tell and actor is not None:
        account_tell(
            member=held.member,
            kind="members.duty_ended",
            about=held,
            context={"role": held.role, "organization": held.organization.name, "on": on.isoformat()},
        )
    data = {"member": held.member_id, "role": held.role}
    touch(Duty._meta.label_lower, held.organization_id, min(on, held.valid_from))
    if not _has_begun(held) and on <= held.valid_from:
        # The duty was never held; the audit keeps that it was given.
        audit_record(actor=actor, action="duty.end", about=held, data=data, note=reason)
        Duty.objects.filter(pk=held.pk).delete()
        return held
    # A stand-in that begins after the last day of the duty lasts zero days.
    held.valid_until = max(on, held.valid_from)
    held.save(update_fields=["valid_until"])
    audit_record(actor=actor, action="duty.end", about=held, fields=["valid_until"], data=data, note=reason)
    return held
