"""Who may do what to an event, beyond seeing it."""

from matchmaking.choices import EventState, not_the_proposer
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


def can_run_volunteers(actor, volunteer):
    """She edits matchmaking where the volunteer helps, or above, and is not the volunteer herself."""
    return _may(actor, volunteer, Capability.EDIT) and volunteer.member_id != actor.pk


def can_guide(actor, introduction):
    """She brought it about; the matchmaker of the other one looks on."""
    return introduction.volunteer is not None and introduction.volunteer.member_id == actor.pk
