"""Giving and ending duties."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS, ROLE_TABLE, Role
from portal.members.models import Duty


def may_give(actor, role, organization):
    """Say whether ``actor`` may give ``role`` at ``organization``: she appoints there and holds no less than the role.

    A security administrator keeps the accounts and gives any role of the work areas; administrators' duties are given
    when a portal is set up.
    """
    if role in ADMINISTRATORS or not actor.can(Area.MEMBERS, Capability.APPOINT, organization.path):
        return False
    security = [duty.organization.path for duty in actor.duties if duty.role == Role.SECURITY_ADMINISTRATOR]
    if any(organization.path.startswith(path) for path in security):
        return True
    return all(
        actor.can(area, capability, organization.path)
        for area, capabilities in ROLE_TABLE[role].items()
        for capability in capabilities
    )


@transaction.atomic
def duty_give(*, actor, member, organization, role, valid_from=None, valid_until=None):
    """Give ``member`` a role at ``organization``; ``actor`` None is the setting up of a portal."""
    if actor is not None:
        if actor.pk == member.pk:
            raise DomainError(_("Nobody appoints herself."), code="own-duty")
        if not may_give(actor, role, organization):
            raise DomainError(_("You can give only what you hold yourself, inside your own reach."), code="too-much")
    duty = Duty(
        member=member,
        organization=organization,
        role=role,
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
        given_by=actor,
    )
    duty.full_clean(exclude=["given_by"])
    duty.save(force_insert=True)
    audit_record(actor=actor, action="duty.give", about=duty, data={"member": member.pk, "role": role})
    return duty


@transaction.atomic
def duty_end(*, actor, duty, on=None):
    """End a duty from ``on`` (today): her next request no longer has it."""
    held = locks.hold(duty)
    on = on or timezone.localdate()
    if held.valid_until and held.valid_until <= on:
        raise DomainError(_("This duty has ended already."), code="ended")
    if on <= held.valid_from:
        # It was never held for a day: the audit keeps that it was given.
        audit_record(actor=actor, action="duty.end", about=held, data={"member": held.member_id, "role": held.role})
        Duty.objects.filter(pk=held.pk).delete()
        return held
    held.valid_until = on
    held.save(update_fields=["valid_until"])
    audit_record(actor=actor, action="duty.end", about=held, fields=["valid_until"], data={"member": held.member_id})
    return held
