"""Rules on who may do what with a care site, a class term or an enrolment, beyond seeing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from childcare.choices.incidents import IncidentState
from childcare.choices.sites import SiteState
from childcare.choices.terms import CHANGING, TermState
from portal.core.choices import Area, Capability
from portal.signups.choices import SignUpState

if TYPE_CHECKING:
    from childcare.models import CareSite, CareStaff, ClassTerm, Incident, Nursery, SafetyPaper
    from portal.members.models import Member


def can_edit_site(actor: Member, site: CareSite) -> bool:
    """The actor may edit childcare at the union that manages the site, or above it."""
    return actor.can(Area.CHILDCARE, Capability.EDIT, site.organization.path)


def can_change_site(actor: Member, site: CareSite) -> bool:
    """The actor may change the site, which is not closed."""
    return site.state == SiteState.IN_USE and can_edit_site(actor, site)


def can_edit_paper(actor: Member, paper: SafetyPaper) -> bool:
    return can_change_site(actor, paper.site)


def can_end_work(actor: Member, staff: CareStaff) -> bool:
    """The actor may end somebody's work at the site."""
    return staff.valid_until is None and can_edit_site(actor, staff.site)


def can_renew_check(actor: Member, staff: CareStaff) -> bool:
    """The actor may enter the next background check of somebody who works at the site; never the own one."""
    return staff.member_id != actor.pk and can_end_work(actor, staff)


def can_confirm_staff(actor: Member, staff: CareStaff) -> bool:
    """The actor may confirm who works at the site: with the right to approve, as an independent second person."""
    proposers = {staff.given_by_id} if staff.given_by_id else set()
    return (
        staff.confirmed_by_id is None
        and staff.valid_until is None
        and staff.member_id != actor.pk
        and actor.may_second(proposers)
        and actor.can(Area.CHILDCARE, Capability.APPROVE, staff.site.organization.path)
    )


def can_change_term(actor: Member, term: ClassTerm) -> bool:
    """The actor may change the term, which is neither cancelled nor over."""
    return term.state in CHANGING and not term.is_over and can_edit_site(actor, term.site)


def can_check_term(actor: Member, term: ClassTerm) -> bool:
    """The actor may compare the safety papers with the days of a planned term."""
    return term.state == TermState.PLANNED and can_change_term(actor, term)


def can_open_term(actor: Member, term: ClassTerm) -> bool:
    """The actor may open a checked term: with the right to approve, and independent of whoever checked its papers."""
    checkers = {term.checked_by_id} if term.checked_by_id else set()
    return (
        term.state == TermState.CHECKED
        and actor.may_second(checkers)
        and actor.can(Area.CHILDCARE, Capability.APPROVE, term.site.organization.path)
    )


def can_freeze_term(actor: Member, term: ClassTerm) -> bool:
    """The actor may freeze the list for the draw, once enrolment is over."""
    waits = term.enrol_until <= timezone.now() and not term.has_begun and _waits_for_draw(term)
    return waits and can_edit_site(actor, term.site)


def _waits_for_draw(term: ClassTerm) -> bool:
    if not term.by_draw or term.state != TermState.ENROLLING or term.found_draw:
        return False
    applied: bool = term.signups.filter(state=SignUpState.APPLIED).exists()
    return applied


def can_decline_application(actor: Member, term: ClassTerm) -> bool:
    """The actor may decline an application before the list is frozen: with the right to approve."""
    return actor.can(Area.CHILDCARE, Capability.APPROVE, term.site.organization.path) and _waits_for_draw(term)


def can_draw_term(actor: Member, term: ClassTerm) -> bool:
    """The actor may enter the seed: with the right to approve, and independent of whoever froze the list."""
    found = term.found_draw
    return (
        found is not None
        and found.waits_for_seed
        and not term.has_begun
        and term.state == TermState.ENROLLING
        and actor.may_second({found.frozen_by_id})
        and actor.can(Area.CHILDCARE, Capability.APPROVE, term.site.organization.path)
    )


def can_reserve_places(actor: Member, term: ClassTerm) -> bool:
    """The actor may approve how many places are given on paper; not once the list for a draw is frozen."""
    allowed = not term.found_draw and actor.can(Area.CHILDCARE, Capability.APPROVE, term.site.organization.path)
    return term.state in CHANGING and not term.is_over and allowed


def _on_incident(actor: Member, incident: Incident, capability: Capability) -> bool:
    return actor.can(Area.CHILDCARE, capability, incident.term.site.organization.path)


def can_acknowledge_incident(actor: Member, incident: Incident) -> bool:
    """The actor may acknowledge an incident for the union; never the own report."""
    waits = incident.state == IncidentState.ALARMED and incident.reported_by_id != actor.pk
    return waits and _on_incident(actor, incident, Capability.EDIT)


def can_add_to_incident(actor: Member, incident: Incident) -> bool:
    """The actor may add to the report of an incident that is not settled."""
    return incident.state != IncidentState.SETTLED and _on_incident(actor, incident, Capability.EDIT)


def can_settle_incident(actor: Member, incident: Incident) -> bool:
    """The actor may settle an acknowledged incident: with the right to approve; never the own report."""
    ready = incident.state == IncidentState.NOTED and incident.reported_by_id != actor.pk
    return ready and _on_incident(actor, incident, Capability.APPROVE)


def can_settle_term(actor: Member, term: ClassTerm) -> bool:
    """The actor may settle a class that is over."""
    waits = term.state == TermState.ENROLLING and term.is_over and not term.found_result
    return waits and can_edit_site(actor, term.site)


def can_confirm_result(actor: Member, term: ClassTerm) -> bool:
    """The actor may confirm a settlement: a second person with the right to approve, independent of the first."""
    found = term.found_result
    return (
        found is not None
        and found.confirmed_at is None
        and actor.may_second({found.settled_by_id})
        and actor.can(Area.CHILDCARE, Capability.APPROVE, term.site.organization.path)
    )


def can_discard_result(actor: Member, term: ClassTerm) -> bool:
    """The actor may take back a settlement that nobody has confirmed."""
    found = term.found_result
    return found is not None and found.confirmed_at is None and can_edit_site(actor, term.site)


def can_edit_nursery(actor: Member, nursery: Nursery) -> bool:
    """The actor may change a nursery that is not closed."""
    allowed = actor.can(Area.CHILDCARE, Capability.EDIT, nursery.organization.path)
    return nursery.closed_on is None and allowed
