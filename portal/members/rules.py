"""Who may do what with people, duties and vouchings; no queries beyond the row, its duties and its organisation."""

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
    """Return the kinds of administrator that ``actor`` is at the root today; one at most."""
    return {duty.role for duty in actor.duties if duty.role in ADMINISTRATORS and duty.organization.parent_id is None}


def enters_people(actor: Member) -> bool:
    """Say whether ``actor`` puts people on some roster; a security administrator on the root's."""
    return bool(actor.reach(Area.MEMBERS, Capability.EDIT)) or Role.SECURITY_ADMINISTRATOR in administers(actor)


def appoints_somewhere(actor: Member) -> bool:
    """Say whether ``actor`` may propose or give a duty anywhere."""
    return bool(actor.reach(Area.MEMBERS, Capability.APPOINT) or administers(actor))


def may_give(actor: Member, role: str, organization: Organization) -> bool:
    """Say whether ``actor`` may give or propose ``role`` at ``organization``: their reach and rights hold no less.

    A security administrator keeps the accounts and gives any role of the work areas. Two of the three administrators
    together replace the third and appoint a chair of the province: each proposes the other kinds, never their own
    (GB/T 22239, three administrators). Whether a second person is needed is ``selectors.needs_second``.
    """
    kinds = administers(actor)
    if role in ADMINISTRATORS:
        return organization.parent_id is None and bool(kinds) and role not in kinds
    if kinds and role == Role.CHAIR and organization.parent_id is None:
        return True
    return _appoints(actor, role, organization)


def _appoints(actor: Member, role: str, organization: Organization) -> bool:
    """Say whether ``actor`` appoints at ``organization`` and holds no less than a role of the work areas."""
    if not actor.can(Area.MEMBERS, Capability.APPOINT, organization.path):
        return False
    return _is_security_administrator(actor, organization.path) or all(
        actor.can(area, capability, organization.path)
        for area, capabilities in ROLE_TABLE[Role(role)].items()
        for capability in capabilities
    )


def may_second(actor: Member, role: str, organization: Organization, *, at_root: bool = False) -> bool:
    """Say whether the rights of ``actor`` suffice for the second person of ``role`` at ``organization``.

    Whoever may give it; and each of the three administrators, not for their own kind, where it is a matter of the root
    (``at_root``: nobody below could be the second person).
    """
    if may_give(actor, role, organization):
        return True
    kinds = administers(actor)
    return (at_root or organization.parent_id is None) and bool(kinds) and role not in kinds


def can_decide_appointment(actor: Member, row: Appointment) -> bool:
    """Say whether ``actor`` is a second person for ``row``, which waits: by rights, and independent of its proposer."""
    at_root = row.waits_at is not None and row.waits_at.parent_id is None
    return (
        row.is_waiting
        and may_second(actor, row.role, row.organization, at_root=at_root)
        and not_the_appointer(actor, row)
    )


def can_withdraw_appointment(actor: Member, row: Appointment) -> bool:
    """Say whether ``actor`` takes back what they proposed."""
    return row.is_waiting and is_the_appointer(actor, row)


def can_end_duty(actor: Member, duty: Duty) -> bool:
    """Say whether ``actor`` ends ``duty`` alone: whoever appoints there, but not their own and no administrator's.

    Another administrator replaces an administrator, with a second person.
    """
    return (
        duty.member_id != actor.pk
        and duty.role not in ADMINISTRATORS
        and _appoints(actor, duty.role, duty.organization)
    )


def can_hand_over(actor: Member, duty: Duty) -> bool:
    """Whoever may end the duty or replace the administrator hands over what waits by it, and the holder themselves."""
    replaces = duty.role in ADMINISTRATORS and may_give(actor, duty.role, duty.organization)
    return duty.member_id == actor.pk or can_end_duty(actor, duty) or replaces


def open_duties(member: Member) -> list[Duty]:
    """Return the duties ``member`` holds now or will hold; one query."""
    return list(member.duty_set.not_over().select_related("organization"))


def can_restore(actor: Member, member: Member, duties: Sequence[Duty] | None = None) -> bool:
    """Say whether ``actor`` settles the sign-in of ``member``: lost factor, locked account, new invitation.

    She appoints at the person's unit and wherever the person holds a duty, so nobody takes over an account that
    reaches further than her own. Administrators are settled by a security administrator alone; nobody by herself.
    ``duties`` are her open ones where the caller has read them.
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
    """The same; but the phone of who watches the security administrator is not hers to change."""
    watching = {Role.AUDIT_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}
    duties = open_duties(member) if duties is None else duties
    return can_restore(actor, member, duties) and not any(duty.role in watching for duty in duties)


def can_withdraw_phone(actor: Member, change: PhoneChange) -> bool:
    """Say whether ``actor`` withdraws or overtakes a change that waits: the proposer, or whoever settles it above.

    Who only edits the roster does not: the change may be the level above's.
    """
    if not change.is_waiting or change.member_id == actor.pk:
        return False
    return change.proposed_by_id == actor.pk or can_change_phone(actor, change.member)


def is_own_phone_change(actor: Member, change: PhoneChange) -> bool:
    """Say whether the change is of the actor's own account and still waits."""
    return change.member_id == actor.pk and change.is_waiting


def can_vouch(actor: Member, vouching: Vouching) -> bool:
    """Say whether ``actor`` answers for the unit that was asked: she edits its roster, and it is not about herself."""
    return (
        vouching.state == VouchingState.ASKED
        and vouching.member_id != actor.pk
        and actor.can(Area.MEMBERS, Capability.EDIT, vouching.organization.path)
    )


def can_prolong(actor: Member, member: Member) -> bool:
    """Say whether ``actor`` renews the standing of ``member`` on the roster of her unit."""
    return (
        member.pk != actor.pk
        and member.erased_at is None
        and member.organization is not None
        and actor.can(Area.MEMBERS, Capability.EDIT, member.organization.path)
    )


def can_edit_member(actor: Member, member: Member) -> bool:
    """Say whether ``actor`` changes the entry of ``member``: she edits its roster, and there is somebody left."""
    return (
        member.erased_at is None
        and member.organization is not None
        and actor.can(Area.MEMBERS, Capability.EDIT, member.organization.path)
    )


def can_dispute(actor: Member, member: Member, duties: Sequence[Duty] | None = None) -> bool:
    """Say whether ``actor`` says that another person uses the account: who edits the roster.

    Of whoever holds a duty it is the level above that does: else a cadre would take the duties of a chair away.
    """
    if actor.pk == member.pk:
        return False
    duties = open_duties(member) if duties is None else duties
    return can_restore(actor, member, duties) if duties else can_edit_member(actor, member)


def can_decide_transfer(actor: Member, transfer: Transfer) -> bool:
    """Say whether ``actor`` confirms or refuses: the person, or whoever edits the roster she leaves and did not ask."""
    return decides_transfer(actor, transfer)


def can_withdraw_transfer(actor: Member, transfer: Transfer) -> bool:
    """Say whether ``actor`` takes a request back: she edits the roster that asks."""
    return asks_for_transfer(actor, transfer)


def reads_left_roster(actor: Member, transfer: Transfer) -> bool:
    """Say whether ``actor`` reads the roster that is left, and so knows whom it is about."""
    unit = transfer.from_organization
    return unit is not None and actor.can(Area.MEMBERS, Capability.VIEW, unit.path)


def can_edit_child(actor: Member, child: Child) -> bool:
    """Say whether ``actor`` changes or removes a child's entry: its guardian alone, whoever else may see it one day."""
    return child.guardian_id == actor.pk
