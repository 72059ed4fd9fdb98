"""Rules on who may do what with a rights station, a case or a law session, beyond seeing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability
from rights.choices.cases import OPEN_CASES, AssignedAs, CaseState
from rights.choices.law_sessions import CHANGING, LawSessionState
from rights.choices.stations import StationState

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Organization
    from rights.models import CaseFile, CaseStep, LawSession, RightsCase, RightsStation, StationShift


def can_edit_station(actor: Member, station: RightsStation) -> bool:
    """The actor may edit rights at the organisation that keeps the station, or above it."""
    return actor.can(Area.RIGHTS, Capability.EDIT, station.organization.path)


def can_change_station(actor: Member, station: RightsStation) -> bool:
    return can_edit_station(actor, station) and station.state != StationState.ENDED


def can_edit_shift(actor: Member, shift: StationShift) -> bool:
    return can_change_station(actor, shift.station)


def is_of(member: Member, unit: Organization | None) -> bool:
    """Return whether a member belongs to the unit of the applicant, or below it.

    People belong to it by roster, by a duty, or by both through another organisation of the same employer.
    """
    if unit is None:
        return False
    places = [member.organization, *(duty.organization for duty in member.duties)]
    employer = unit.employer_id
    return any(
        place is not None and (place.path.startswith(unit.path) or (employer and place.employer_id == employer))
        for place in places
    )


def is_given(actor: Member, case: RightsCase, *roles: AssignedAs) -> bool:
    """The case is assigned to the actor today, as one of ``roles`` if any are given, and the actor is not of the unit.

    Only with a duty over the union that handles the case.
    """
    if not actor.can(Area.RIGHTS, Capability.VIEW, case.organization.path):
        return False
    if is_of(actor, case.unit):
        return False
    held = case.roles_of(actor)
    return bool(held & set(roles) if roles else held)


def _may(actor: Member, case: RightsCase, capability: Capability, *roles: AssignedAs) -> bool:
    if case.is_emptied:
        return False
    return actor.can(Area.RIGHTS, capability, case.organization.path) and is_given(actor, case, *roles)


def can_decide_request(actor: Member, case: RightsCase) -> bool:
    """The actor may accept the request."""
    return case.state == CaseState.SUBMITTED and _may(actor, case, Capability.EDIT)


def can_decline_request(actor: Member, case: RightsCase) -> bool:
    """The actor may decline the request; one that was accepted before ends by a closure of two people."""
    return not case.number and can_decide_request(actor, case)


def can_handle_case(actor: Member, case: RightsCase) -> bool:
    """The actor may add steps to the case and propose to close it."""
    roles = (AssignedAs.HANDLER, AssignedAs.SUPERVISOR)
    return case.state == CaseState.HANDLING and _may(actor, case, Capability.EDIT, *roles)


def can_move_case(actor: Member, case: RightsCase) -> bool:
    """The actor may hand the case to another union."""
    return case.state in (CaseState.SUBMITTED, CaseState.HANDLING) and _may(actor, case, Capability.EDIT)


def can_assign_case(actor: Member, case: RightsCase) -> bool:
    """The actor may give the case to a handler."""
    return case.state in OPEN_CASES and _may(actor, case, Capability.EDIT, AssignedAs.SUPERVISOR, AssignedAs.INTAKE)


def can_write_to_applicant(actor: Member, case: RightsCase) -> bool:
    """The actor may write to the applicant, who reads it with the code of the receipt."""
    return _may(actor, case, Capability.EDIT)


def can_leave_case(actor: Member, case: RightsCase) -> bool:
    """The actor may step out of the case."""
    return case.state in OPEN_CASES and is_given(actor, case)


def can_approve_closing(actor: Member, case: RightsCase) -> bool:
    """The actor may approve the closure, or send it back; never the person who proposed it."""
    return (
        case.state == CaseState.CLOSING
        and case.proposed_by_id != actor.pk
        and _may(actor, case, Capability.APPROVE, AssignedAs.SUPERVISOR)
    )


def can_read_reasons(actor: Member, case: RightsCase) -> bool:
    """The actor supervises the case and reads why people stepped out of it."""
    return _may(actor, case, Capability.APPROVE, AssignedAs.SUPERVISOR)


def can_readmit(actor: Member, case: RightsCase) -> bool:
    """The actor supervises the open case and may lift that somebody stepped out of it."""
    return case.state in OPEN_CASES and can_read_reasons(actor, case)


def can_reopen_case(actor: Member, case: RightsCase) -> bool:
    """The actor may reopen the closed case."""
    return case.state == CaseState.CLOSED and _may(actor, case, Capability.EDIT)


def can_finish_step(actor: Member, step: CaseStep) -> bool:
    """The actor may record the day on which what the step waited for came."""
    waits = step.due_on is not None and step.done_on is None
    return waits and can_handle_case(actor, step.case)


def can_open_file(actor: Member, file: CaseFile) -> bool:
    """The actor may open a file of a case that is assigned to the actor."""
    return is_given(actor, file.case)


def can_edit_session(actor: Member, session: LawSession) -> bool:
    """The actor may edit rights at the organiser of the session, or above it."""
    return actor.can(Area.RIGHTS, Capability.EDIT, session.organization.path)


def can_change_session(actor: Member, session: LawSession) -> bool:
    """The actor may change the session, which is neither held nor cancelled."""
    return session.state in CHANGING and can_edit_session(actor, session)


def can_hold_session(actor: Member, session: LawSession) -> bool:
    """The actor may record that the session was held, once it is over."""
    return session.is_over and can_change_session(actor, session)


def can_correct_session(actor: Member, session: LawSession) -> bool:
    """The actor may correct how many people came."""
    return session.state == LawSessionState.HELD and can_edit_session(actor, session)


def can_see_people(actor: Member, session: LawSession) -> bool:
    """The actor may see who has signed up."""
    return actor.can(Area.RIGHTS, Capability.VIEW, session.organization.path)
