"""Who may do what with people, duties and vouchings; no queries beyond the row, its duties and its organisation."""

from portal.core.choices import Area, Capability
from portal.core.roles import ADMINISTRATORS, ROLE_TABLE, Role
from portal.members.choices import VouchingState


def _is_security_administrator(actor, path):
    held = [duty.organization.path for duty in actor.duties if duty.role == Role.SECURITY_ADMINISTRATOR]
    return any(path.startswith(reached) for reached in held)


def may_give(actor, role, organization):
    """Say whether ``actor`` may give ``role`` at ``organization``: she appoints there and holds no less than the role.

    A security administrator keeps the accounts and gives any role of the work areas, and at the root the duty of a
    system administrator. She gives neither her own kind nor the audit administrator who watches her: those two duties
    are given when a portal is set up, so that none of the three chooses who looks at her work (GB/T 22239, three
    administrators).
    """
    if not actor.can(Area.MEMBERS, Capability.APPOINT, organization.path):
        return False
    security = _is_security_administrator(actor, organization.path)
    if role in ADMINISTRATORS:
        return security and role == Role.SYSTEM_ADMINISTRATOR and organization.parent_id is None
    return security or all(
        actor.can(area, capability, organization.path)
        for area, capabilities in ROLE_TABLE[role].items()
        for capability in capabilities
    )


def can_end_duty(actor, duty):
    """Who may give a duty may end it, but not her own: somebody above must know."""
    return duty.member_id != actor.pk and may_give(actor, duty.role, duty.organization)


def open_duties(member):
    """Return the duties ``member`` holds now or will hold; one query."""
    return list(member.duty_set.not_over().select_related("organization"))


def can_restore(actor, member):
    """Say whether ``actor`` settles the sign-in of ``member``: lost factor, locked account, new invitation.

    She appoints at the person's unit and wherever the person holds a duty, so nobody takes over an account that
    reaches further than her own. Administrators are settled by a security administrator alone; nobody by herself.
    """
    if actor.pk == member.pk:
        return False
    duties = open_duties(member)
    places = [duty.organization.path for duty in duties]
    if member.organization is not None:
        places.append(member.organization.path)
    if not places or not all(actor.can(Area.MEMBERS, Capability.APPOINT, path) for path in places):
        return False
    if any(duty.role in ADMINISTRATORS for duty in duties):
        return all(_is_security_administrator(actor, path) for path in places)
    return True


def can_change_phone(actor, member):
    """The same; but the phone of who watches the security administrator is not hers to change."""
    watching = {Role.AUDIT_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}
    return can_restore(actor, member) and not any(duty.role in watching for duty in open_duties(member))


def can_vouch(actor, vouching):
    """Say whether ``actor`` answers for the unit that was asked: she edits its roster, and it is not about herself."""
    return (
        vouching.state == VouchingState.ASKED
        and vouching.member_id != actor.pk
        and actor.can(Area.MEMBERS, Capability.EDIT, vouching.organization.path)
    )


def can_prolong(actor, member):
    """Say whether ``actor`` renews the standing of ``member`` on the roster of her unit."""
    return (
        member.pk != actor.pk
        and member.organization is not None
        and actor.can(Area.MEMBERS, Capability.EDIT, member.organization.path)
    )
