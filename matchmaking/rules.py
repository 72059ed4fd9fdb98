"""Who may do what to an event, beyond seeing it."""

from matchmaking.choices import (
    OPEN_TICKETS,
    CoupleState,
    EventState,
    FollowUpState,
    TicketState,
    WeddingState,
    not_the_proposer,
)
from portal.core.choices import Area, Capability


def _may(actor, event, capability):
    return actor.can(Area.MATCHMAKING, capability, event.organization.path)


def can_edit_event(actor, event):
    """She edits matchmaking at the organisation that holds it, or above."""
    return _may(actor, event, Capability.EDIT)


def can_approve_event(actor, event):
    """She is another person than the proposer and holds approve here or above."""
    return _may(actor, event, Capability.APPROVE) and not_the_proposer(actor, event)


def can_see_participants(actor, event):
    """Organisers see the list; being reached from above is not enough to read names."""
    return _may(actor, event, Capability.EDIT)


def can_change_details(actor, event):
    return can_edit_event(actor, event) and event.state in (EventState.DRAFT, EventState.RETURNED)


def can_record_follow_up(actor, follow_up):
    """Whoever sees a follow-up makes it: editors of the event, and the matchmaker of one of the two."""
    return follow_up.state == FollowUpState.DUE


def can_edit_wedding(actor, wedding):
    return _may(actor, wedding, Capability.EDIT)


def can_change_wedding(actor, wedding):
    open_still = wedding.state in (WeddingState.DRAFT, WeddingState.OPEN, WeddingState.CLOSED)
    return can_edit_wedding(actor, wedding) and open_still


def can_decide_couple(actor, couple):
    """She holds the wedding, and the couple waits for a place."""
    waits = couple.state in (CoupleState.APPLIED, CoupleState.WAITLISTED)
    return waits and can_edit_wedding(actor, couple.wedding)


def can_waitlist_couple(actor, couple):
    return couple.state == CoupleState.APPLIED and can_decide_couple(actor, couple)


def can_work_on_ticket(actor, ticket):
    return ticket.state in OPEN_TICKETS


def can_close_ticket(actor, ticket):
    return ticket.state == TicketState.ANSWERED


def can_reopen_ticket(actor, ticket):
    return ticket.state in (TicketState.ANSWERED, TicketState.CLOSED)


def can_read_caller(actor, ticket):
    """Name and number of a caller are for who answers, and for who took the call while nobody else has it."""
    return actor.pk == (ticket.handler_id or ticket.taken_by_id)
