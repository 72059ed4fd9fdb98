"""Rules: who may do what with members, duties and vouchings.

They use no queries beyond the row, its duties and its organisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability
from portal.core.roles import ADMINISTRATORS, ROLE_TABLE, Role
from portal.members.choices import (
    VouchingState,
    asks_for_transfer,
    decides_transfer,
    is_the_appointer,
    not_the_appointer,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.members.models import Appointment, Child, Duty, Member, PhoneChange, Transfer, Vouching
    from portal.organizations.models import Organization


def _is_security_administrator(actor: Member, path: str) -> bool:
    held = [duty.organization.path for duty in actor.duties if duty.role == Role.SECURITY_ADMINISTRATOR]
    return any(path.startswith(reached) for reached in held)


def administers(actor: Member) -> set[str]:
    """Return the administrator roles that ``actor`` holds at the root today; one at most."""
    return {duty.role for duty in actor.duties if duty.role in ADMINISTRATORS and duty.organization.parent_id is None}


def enters_people(actor: Member) -> bool:
    """The actor may enter people on some roster; a security administrator on that of the root."""
    return bool(actor.reach(Area.MEMBERS, Capability.EDIT)) or Role.SECURITY_ADMINISTRATOR in administers(actor)


def appoints_somewhere(actor: Member) -> bool:
    """The actor may propose or give a duty somewhere."""
    return bool(actor.reach(Area.MEMBERS, Capability.APPOINT) or administers(actor))


def may_give(actor: Member, role: str, organization: Organization) -> bool:
    """The actor may give or propose ``role`` at ``organization`` if they hold no less there themselves.

    A security administrator keeps the accounts and gives any role of the work areas. Two of the three administrators
    together replace the third and appoint a chair of the province: each proposes the other kinds, never their own (GB/T
    22239, three administrators). Whether a second person is needed is ``selectors.needs_second``.
    """
    kinds = administers(actor)
    if role in ADMINISTRATORS:
        return organization.parent_id is None and bool(kinds) and role not in kinds
    if kinds and role == Role.CHAIR and organization.parent_id is None:
        return True
    return _appoints(actor, role, organization)


def _appoints(actor: Member, role: str, organization: Organization) -> bool:
    """The actor may appoint at ``organization`` and holds at least the rights of ``role`` there.

    ``role`` is a role of the work areas; a security administrator need not hold its rights.
    """
    if not actor.can(Area.MEMBERS, Capability.APPOINT, organization.path):
        return False
    return _is_security_administrator(actor, organization.path) or all(
        actor.can(area, capability, organization.path)
        for area, capabilities in ROLE_TABLE[Role(role)].items()
        for capability in capabilities
    )


def may_second(actor: Member, role: str, organization: Organization, *, at_root: bool = False) -> bool:
    """The rights of the actor suffice for the second person of ``role`` at ``organization``.

    They suffice if the actor may give the role. Each of the three administrators may also second another role than
    their own where it is a matter of the root (``at_root``: nobody below could be the second person).
    """
    if may_give(actor, role, organization):
        return True
    kinds = administers(actor)
    return (at_root or organization.parent_id is None) and bool(kinds) and role not in kinds


def can_decide_appointment(actor: Member, row: Appointment) -> bool:
    """The actor may decide ``row`` as its second person, by rights and independent of its proposer.

    The appointment must be waiting.
    """
    at_root = row.waits_at is not None and row.waits_at.parent_id is None
    return (
        row.is_waiting
        and may_second(actor, row.role, row.organization, at_root=at_root)
        and not_the_appointer(actor, row)
    )


def can_withdraw_appointment(actor: Member, row: Appointment) -> bool:
    """The actor may withdraw an appointment that they proposed, while it waits."""
    return row.is_waiting and is_the_appointer(actor, row)


def can_end_duty(actor: Member, duty: Duty) -> bool:
    """The actor may end ``duty`` alone if they appoint there and it is not their own.

    An administrator's duty is never ended this way: another administrator replaces its holder, with a second person.
    """
    return (
        duty.member_id != actor.pk
        and duty.role not in ADMINISTRATORS
        and _appoints(actor, duty.role, duty.organization)
    )


def can_hand_over(actor: Member, duty: Duty) -> bool:
    """The actor may hand over what waits by a duty if they may end it, replace its holder, or hold it.

    Only administrators are replaced.
    """
    replaces = duty.role in ADMINISTRATORS and may_give(actor, duty.role, duty.organization)
    return duty.member_id == actor.pk or can_end_duty(actor, duty) or replaces


def open_duties(member: Member) -> list[Duty]:
    """Return the duties that ``member`` holds now or will hold, in one query."""
    return list(member.duty_set.not_over().select_related("organization"))


def can_restore(actor: Member, member: Member, duties: Sequence[Duty] | None = None) -> bool:
    """The actor may restore the sign-in of ``member``: lost factor, locked account, new invitation.

    The actor must appoint at the member's unit and wherever the member holds a duty, so that nobody takes over an
    account with a wider reach than their own. For an administrator, only a security administrator may do it; nobody may
    do it for themselves. ``duties`` are the open duties of the member if the caller has read them already.
    """
    if actor.pk == member.pk or member.erased_at is not None:
        return False
    duties = open_duties(member) if duties is None else duties
    places = [duty.organization.path for duty in duties]
    if member.organization is not None:
        places.append(member.organization.path)
    if not places or not all(actor.can(Area.MEMBERS, Capability.APPOINT, path) for path in places):
        return False
    if any(duty.role in ADMINISTRATORS for duty in duties):
        return all(_is_security_administrator(actor, path) for path in places)
    return True


def can_change_phone(actor: Member, member: Member, duties: Sequence[Duty] | None = None) -> bool:
    """The actor may change the phone of ``member``: as in ``can_restore``, with an exception.

    The phone of an audit or security administrator cannot be changed this way, because they watch the security
    administrator who would do it.
    """
    watching = {Role.AUDIT_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}
    duties = open_duties(member) if duties is None else duties
    return can_restore(actor, member, duties) and not any(duty.role in watching for duty in duties)


def can_withdraw_phone(actor: Member, change: PhoneChange) -> bool:
    """The actor may withdraw or replace a waiting change if they proposed it or may change the phone.

    An actor who only edits the roster may not, because the change may come from the level above.
    """
    if not change.is_waiting or change.member_id == actor.pk:
        return False
    return change.proposed_by_id == actor.pk or can_change_phone(actor, change.member)


def is_own_phone_change(actor: Member, change: PhoneChange) -> bool:
    """The change is of the actor's own account and is still waiting."""
    return change.member_id == actor.pk and change.is_waiting


def can_vouch(actor: Member, vouching: Vouching) -> bool:
    """The actor may answer for the unit asked if they edit its roster and the request is not their own."""
    return (
        vouching.state == VouchingState.ASKED
        and vouching.member_id != actor.pk
        and actor.can(Area.MEMBERS, Capability.EDIT, vouching.organization.path)
    )


def can_prolong(actor: Member, member: Member) -> bool:
    """The actor may renew the standing of another member on a roster that the actor edits."""
    return (
        member.pk != actor.pk
        and member.erased_at is None
        and member.organization is not None
        and actor.can(Area.MEMBERS, Capability.EDIT, member.organization.path)
    )


def can_edit_member(actor: Member, member: Member) -> bool:
    """The actor may edit the entry of ``member`` if they edit its roster and the entry is not erased."""
    return (
        member.erased_at is None
        and member.organization is not None
        and actor.can(Area.MEMBERS, Capability.EDIT, member.organization.path)
    )


def can_dispute(actor: Member, member: Member, duties: Sequence[Duty] | None = None) -> bool:
    """The actor may report that another person uses the account if they edit the member's roster.

    For a member who holds a duty, only the level above may do so; otherwise a cadre could take away the duties of a
    chair.
    """
    if actor.pk == member.pk:
        return False
    duties = open_duties(member) if duties is None else duties
    return can_restore(actor, member, duties) if duties else can_edit_member(actor, member)


def can_decide_transfer(actor: Member, transfer: Transfer) -> bool:
    """The actor may confirm or reject a transfer as the member or as an editor of the roster that is left.

    The person who requested the transfer may not decide as an editor.
    """
    return decides_transfer(actor, transfer)


def can_withdraw_transfer(actor: Member, transfer: Transfer) -> bool:
    """The actor may withdraw a transfer request if they edit the roster of the requesting unit."""
    return asks_for_transfer(actor, transfer)


def reads_left_roster(actor: Member, transfer: Transfer) -> bool:
    """The actor may read the roster that is left, and therefore sees which member the transfer is about."""
    unit = transfer.from_organization
    return unit is not None and actor.can(Area.MEMBERS, Capability.VIEW, unit.path)


def can_edit_child(actor: Member, child: Child) -> bool:
    """The actor may change or remove a child's entry only as its guardian.

    This holds even if others may see the entry one day.
    """
    return child.guardian_id == actor.pk
