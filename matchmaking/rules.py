"""Who may do what to an event, an objection or a report, beyond seeing it."""

from matchmaking.choices import AppealState, EventState, not_the_proposer
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


def can_decide_appeal(actor, appeal):
    """Another person than who refused and the single herself, who holds approve where it is judged."""
    if actor.pk in (appeal.profile.vetted_by_id, appeal.profile.member_id) or appeal.state != AppealState.OPEN:
        return False
    return _may(actor, appeal, Capability.APPROVE)


def can_handle_report(actor, report):
    """Who holds approve where it is handled, and is no part of it."""
    return actor.pk not in (report.reporter_id, report.about_id) and _may(actor, report, Capability.APPROVE)


def oversees_profiles(actor):
    """She edits matchmaking at an organisation above the units."""
    paths = set(actor.reach(Area.MATCHMAKING, Capability.EDIT))
    return any(duty.organization.path in paths and duty.organization.kind != "grassroots" for duty in actor.duties)
