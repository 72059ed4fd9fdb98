"""Giving and ending duties."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS
from portal.members.models import Duty
from portal.members.rules import may_give
from portal.members.services.passwords import invitation_send
from portal.messaging.services import message_post, touch

__all__ = ["duty_end", "duty_give", "may_give", "stand_in_give"]


@transaction.atomic
def duty_give(*, actor, member, organization, role, valid_from=None, valid_until=None, stand_in_for=None):
    """Give ``member`` a role at ``organization``; ``actor`` None is the setting up of a portal.

    Who has no login yet gets a link by SMS. Her row is locked, so that two duties given at once see each other.
    """
    if actor is not None:
        if actor.pk == member.pk:
            raise DomainError(_("Nobody appoints herself."), code="own-duty")
        if not may_give(actor, role, organization):
            raise DomainError(_("You can give only what you hold yourself, inside your own reach."), code="too-much")
    if role in ADMINISTRATORS and organization.parent_id is not None:
        raise DomainError(_("Administrators stand at the provincial federation alone."), code="not-root")
    held = locks.hold(member)
    if not held.is_active:
        raise DomainError(_("This account is closed."), code="closed")
    duty = Duty(
        member=held,
        organization=organization,
        role=role,
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
        given_by=actor,
        stand_in_for=stand_in_for,
    )
    if valid_until is not None and valid_until <= duty.valid_from:
        raise ValidationError({"valid_until": _("A duty ends after it begins.")})
    duty.full_clean(exclude=["given_by", "confirmed_by", "stand_in_for"])
    _refuse_double(duty)
    duty.save(force_insert=True)
    touch(Duty._meta.label_lower, organization.pk, duty.valid_from)
    audit_record(actor=actor, action="duty.give", about=duty, data={"member": member.pk, "role": role})
    if actor is not None:
        message_post(
            kind="members.duty",
            to=held,
            about=duty,
            context={"role": role, "organization": organization.name, "from": duty.valid_from.isoformat()},
        )
        if held.phone and not held.has_usable_password():
            invitation_send(actor=actor, member=held)
    return duty


def _refuse_double(duty):
    """Refuse the same role at the same place on days she holds it already."""
    same = Duty.objects.filter(member_id=duty.member_id, organization_id=duty.organization_id, role=duty.role)
    later = Q(valid_until=None) | Q(valid_until__gt=duty.valid_from)
    earlier = Q(valid_from__lt=duty.valid_until) if duty.valid_until else Q()
    if same.filter(later & earlier).exists():
        raise ValidationError(_("She holds this role here already."))


@transaction.atomic
def stand_in_give(*, actor, duty, member, valid_from, valid_until):
    """Let ``member`` stand in for who holds ``duty``: the same role at the same place, from day to day inside it."""
    principal = locks.hold(duty)
    if principal.member_id == member.pk:
        raise DomainError(_("She cannot stand in for herself."), code="herself")
    if principal.stand_in_for_id is not None:
        raise DomainError(_("This duty stands in for another; give the stand-in for that one."), code="chain")
    outside = valid_from < principal.valid_from or (
        principal.valid_until is not None and valid_until > principal.valid_until
    )
    if outside or valid_until <= timezone.localdate():
        raise DomainError(_("A stand-in's days lie inside the duty and in the future."), code="dates")
    return duty_give(
        actor=actor,
        member=member,
        organization=principal.organization,
        role=principal.role,
        valid_from=valid_from,
        valid_until=valid_until,
        stand_in_for=principal,
    )


@transaction.atomic
def duty_end(*, actor, duty, on=None, reason=""):
    """End a duty from ``on`` (today), and who stands in for it: her next request no longer has it."""
    held = locks.hold(duty)
    on = on or timezone.localdate()
    if held.valid_until and held.valid_until <= on:
        raise DomainError(_("This duty has ended already."), code="ended")
    for stand_in in locks.hold_all(Duty.objects.filter(stand_in_for=held, valid_until__gt=on)):
        _end(actor, stand_in, on, reason)
    return _end(actor, held, on, reason)


def _end(actor, held, on, reason):
    data = {"member": held.member_id, "role": held.role}
    touch(Duty._meta.label_lower, held.organization_id, min(on, held.valid_from))
    if on <= held.valid_from:
        # It was never held for a day: the audit keeps that it was given.
        audit_record(actor=actor, action="duty.end", about=held, data=data, note=reason)
        Duty.objects.filter(pk=held.pk).delete()
        return held
    held.valid_until = on
    held.save(update_fields=["valid_until"])
    audit_record(actor=actor, action="duty.end", about=held, fields=["valid_until"], data=data, note=reason)
    return held
