"""Rules for actions on matchmaking rows, such as events, appeals and reports, beyond seeing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.demands import DemandState
from matchmaking.choices.events import BEFORE_CHOICE, EventState
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.choices.hotline import OPEN_TICKETS, TicketState
from matchmaking.choices.vetting import AppealState
from matchmaking.choices.weddings import WeddingState
from portal.core.choices import Area, Capability
from portal.core.second_person import may_decide

if TYPE_CHECKING:
    from matchmaking.models import (
        AbuseReport,
        EventDemand,
        EventTheme,
        FollowUp,
        GroupWedding,
        HotlineTicket,
        Introduction,
        MatchEvent,
        Nomination,
        Participation,
        ProfileAppeal,
        Volunteer,
        WeddingCouple,
    )
    from portal.members.models import Member
    from portal.organizations.models import Organization

    class OfOrganization(Protocol):
        @property
        def organization(self) -> Organization: ...

    class OfEvent(Protocol):
        @property
        def event(self) -> MatchEvent: ...


def _may(actor: Member, event: OfOrganization, capability: Capability) -> bool:
    return actor.can(Area.MATCHMAKING, capability, event.organization.path)


def can_edit_event(actor: Member, event: MatchEvent) -> bool:
    """The actor may edit matchmaking at the organisation of the event, or above it."""
    return _may(actor, event, Capability.EDIT)


def can_approve_event(actor: Member, event: MatchEvent) -> bool:
    """The actor may approve at the organisation of the event or above it, and is not the proposer."""
    return may_decide(actor, event, Area.MATCHMAKING, Capability.APPROVE)


def can_change_details(actor: Member, event: MatchEvent) -> bool:
    return can_edit_event(actor, event) and event.state in (EventState.DRAFT, EventState.RETURNED)


def can_lead_event(actor: Member, event: MatchEvent) -> bool:
    """The actor may edit matchmaking at the event's own organisation; a duty above it is not enough.

    Only such actors see the units and invitations of a restricted event.
    """
    return event.organization.path in actor.reach(Area.MATCHMAKING, Capability.EDIT)


def can_see_units(actor: Member, event: MatchEvent) -> bool:
    """The event is not restricted, or the actor edits at its lead organiser."""
    return not event.restricted or can_lead_event(actor, event)


def can_change_published(actor: Member, event: MatchEvent) -> bool:
    """The actor may edit the event, which is approved and has not opened its choice round.

    From the approval until the choice round opens, time, place and quotas can be changed.
    """
    return can_edit_event(actor, event) and event.state in (EventState.APPROVED, *BEFORE_CHOICE)


def can_edit_series(actor: Member, row: OfOrganization) -> bool:
    """The actor may edit matchmaking at the organisation of the row, or above it."""
    return _may(actor, row, Capability.EDIT)


can_edit_venue = can_edit_budget = can_edit_series


def can_edit_theme(actor: Member, theme: EventTheme) -> bool:
    """The actor may edit matchmaking at the top of the tree: themes belong to no organisation."""
    return any(path.count("/") == 2 for path in actor.reach(Area.MATCHMAKING, Capability.EDIT))


def can_edit_of_event(actor: Member, row: OfEvent) -> bool:
    """The actor may edit the event that the row belongs to."""
    return can_edit_event(actor, row.event)


def can_lead_of_event(actor: Member, row: OfEvent) -> bool:
    """The actor may edit matchmaking at the very organisation of the event that the row belongs to."""
    return can_lead_event(actor, row.event)


def can_answer_demand(actor: Member, demand: EventDemand) -> bool:
    """The actor may edit matchmaking at the unit of the demand, or above it."""
    return _may(actor, demand, Capability.EDIT)


def can_decline_demand(actor: Member, demand: EventDemand) -> bool:
    return can_answer_demand(actor, demand) and demand.state == DemandState.OPEN


def can_review_signup(actor: Member, participation: Participation) -> bool:
    """The actor may edit the event of the sign-up."""
    return can_edit_event(actor, participation.offering)


def can_record_follow_up(actor: Member, follow_up: FollowUp) -> bool:
    """The follow-up is due and the actor may see it.

    It is seen by editors of the event, and by the matchmaker of one of the two people of the pair.
    """
    seen = type(follow_up)._default_manager.visible_to(actor).filter(pk=follow_up.pk)
    return follow_up.state == FollowUpState.DUE and seen.exists()


def can_edit_wedding(actor: Member, wedding: GroupWedding) -> bool:
    return _may(actor, wedding, Capability.EDIT)


def can_change_wedding(actor: Member, wedding: GroupWedding) -> bool:
    open_still = wedding.state in (WeddingState.DRAFT, WeddingState.OPEN, WeddingState.CLOSED)
    return can_edit_wedding(actor, wedding) and open_still


def can_decide_couple(actor: Member, couple: WeddingCouple) -> bool:
    """The actor may edit the wedding, and the couple waits for a place."""
    waits = couple.state in (CoupleState.APPLIED, CoupleState.WAITLISTED)
    return waits and can_edit_wedding(actor, couple.wedding)


def can_waitlist_couple(actor: Member, couple: WeddingCouple) -> bool:
    return couple.state == CoupleState.APPLIED and can_decide_couple(actor, couple)


def can_see_ticket(actor: Member, ticket: HotlineTicket) -> bool:
    """The actor may edit matchmaking at the organisation of the ticket, or above it."""
    return _may(actor, ticket, Capability.EDIT)


def can_work_on_ticket(actor: Member, ticket: HotlineTicket) -> bool:
    return ticket.state in OPEN_TICKETS and can_see_ticket(actor, ticket)


def can_close_ticket(actor: Member, ticket: HotlineTicket) -> bool:
    return ticket.state == TicketState.ANSWERED and can_see_ticket(actor, ticket)


def can_reopen_ticket(actor: Member, ticket: HotlineTicket) -> bool:
    return ticket.state in (TicketState.ANSWERED, TicketState.CLOSED) and can_see_ticket(actor, ticket)


def can_edit_nomination(actor: Member, nomination: Nomination) -> bool:
    """The actor may edit matchmaking at the organisation that proposes the person, or above it."""
    return _may(actor, nomination, Capability.EDIT)


def can_read_caller(actor: Member, ticket: HotlineTicket) -> bool:
    """The actor handles the ticket, or logged the call while the ticket has no handler.

    Only these members see the name and number of the caller.
    """
    return actor.pk == (ticket.handler_id or ticket.taken_by_id) and can_see_ticket(actor, ticket)


def can_decide_appeal(actor: Member, appeal: ProfileAppeal) -> bool:
    """The actor may approve where the appeal is decided, and is neither the refuser nor the single."""
    if actor.pk in (appeal.profile.vetted_by_id, appeal.profile.member_id) or appeal.state != AppealState.OPEN:
        return False
    return _may(actor, appeal, Capability.APPROVE)


def can_handle_report(actor: Member, report: AbuseReport) -> bool:
    """The actor may approve where the report is handled, and is neither its reporter nor its subject."""
    return actor.pk not in (report.reporter_id, report.about_id) and _may(actor, report, Capability.APPROVE)


def oversees_profiles(actor: Member) -> bool:
    """The actor may edit matchmaking at an organisation above the units."""
    paths = set(actor.reach(Area.MATCHMAKING, Capability.EDIT))
    return any(duty.organization.path in paths and duty.organization.kind != "grassroots" for duty in actor.duties)


def can_run_volunteers(actor: Member, volunteer: Volunteer) -> bool:
    """The actor may edit matchmaking where the volunteer helps, or above it, and is not the volunteer."""
    return _may(actor, volunteer, Capability.EDIT) and volunteer.member_id != actor.pk


def can_guide(actor: Member, introduction: Introduction) -> bool:
    """The actor is the matchmaker who proposed the introduction.

    The matchmaker of the other single can only read it.
    """
    return introduction.volunteer is not None and introduction.volunteer.member_id == actor.pk
