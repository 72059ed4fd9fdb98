"""Writing and ending duties."""

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


TOO_EARLY = _(
    "This duty began on %(day)s. It can end on that day at the earliest, so that the list of duties stays true."
)


def duty_check(duty: Duty) -> None:
    """Refuse a duty that could not be held, before it is proposed and again before it is written."""
    if duty.role in ADMINISTRATORS and duty.organization.parent_id is not None:
        raise DomainError(_("Administrators stand at the provincial federation alone."), code="not-root")
    if not duty.member.is_active:
        raise DomainError(_("This account is closed."), code="closed")
    if duty.organization.closed_on is not None:
        raise DomainError(_("This organisation is closed."), code="closed")
    if duty.valid_until is not None and duty.valid_until <= duty.valid_from:
        raise ValidationError({"valid_until": _("A duty ends after it begins.")})
    _refuse_work_beside_administration(duty)
    duty.full_clean(exclude=["given_by", "confirmed_by", "stand_in_for"])
    _refuse_double(duty)


def duty_write(duty: Duty, *, actor: Member | None) -> Duty:
    """Write a checked duty, tell its holder and send a link to whoever has no login; the holder's row is locked.

    ``actor`` is whose step it is: who gives it, or who approves it; None at set-up.
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
    """Return the condition that another duty is held on one of the days of ``duty``."""
    later = Q(valid_until=None) | Q(valid_until__gt=duty.valid_from)
    return later & (Q(valid_from__lt=duty.valid_until) if duty.valid_until else Q())


def _refuse_double(duty: Duty) -> None:
    """Refuse the same role at the same place on days the member holds it already."""
    same = Duty.objects.filter(member_id=duty.member_id, organization_id=duty.organization_id, role=duty.role)
    if same.filter(_on_these_days(duty)).exclude(pk=duty.pk).exists():
        raise ValidationError(_("She holds this role here already."))


def _refuse_work_beside_administration(duty: Duty) -> None:
    """Refuse an administrator's duty beside one of the work on the same days, in either order."""
    others = Duty.objects.filter(member_id=duty.member_id).filter(_on_these_days(duty)).exclude(pk=duty.pk)
    administers = Q(role__in=ADMINISTRATORS)
    if others.filter(~administers if duty.role in ADMINISTRATORS else administers).exists():
        raise DomainError(APART, code="apart")


@transaction.atomic
def duty_end(*, actor: Member | None, duty: Duty, on: date | None = None, reason: str = "", tell: bool = True) -> Duty:
    """End a duty from ``on`` (today), and who stands in for it: the holder's next request no longer has it.

    Whoever held it is told (not where ``tell`` is false: the person is about to be erased). A duty that has begun stays
    in the lists; one that has not begun is deleted when ``on`` is not after its first day.
    """
    held = locks.hold(duty)
    on = on or timezone.localdate()
    if held.valid_until and held.valid_until <= on:
        raise DomainError(_("This duty has ended already."), code="ended")
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
        # It was never held: the audit keeps that it was given.
        audit_record(actor=actor, action="duty.end", about=held, data=data, note=reason)
        Duty.objects.filter(pk=held.pk).delete()
        return held
    # A stand-in that began after the day on which the duty ends lasts no day.
    held.valid_until = max(on, held.valid_from)
    held.save(update_fields=["valid_until"])
    audit_record(actor=actor, action="duty.end", about=held, fields=["valid_until"], data=data, note=reason)
    return held
