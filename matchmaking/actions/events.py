"""Actions on events, from the draft to the report."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.events import EventMode, EventState
from matchmaking.models import MatchEvent
from matchmaking.services.choosing import event_open_choice, event_reveal
from matchmaking.services.events import (
    event_approve,
    event_begin,
    event_cancel,
    event_close,
    event_close_sign_up,
    event_publish,
    event_report,
    event_return,
    event_shortlist,
    event_submit,
)
from portal.audit.actions import Action, Actions, Link
from portal.signups.choices import LIVE
from portal.web.forms import ReasonForm
from portal.web.second_person import ApproveView, PublishView, ReturnView, SubmitView

STEPS = (
    EventState.DRAFT,
    EventState.SUBMITTED,
    EventState.APPROVED,
    EventState.PUBLISHED,
    EventState.SIGNUP_CLOSED,
    EventState.SHORTLISTED,
    EventState.RUNNING,
    EventState.CHOICE_OPEN,
    EventState.REVEALED,
    EventState.CLOSED,
    EventState.REPORTED,
)


def steps_of(event):
    """Return the steps that apply to the event.

    The list is settled only where sign-ups are reviewed; check-in begins only at events on site.
    """
    judged = event.needs_review or event.state == EventState.SHORTLISTED
    doors = event.mode == EventMode.OFFLINE or event.state == EventState.RUNNING
    left_out = {EventState.SHORTLISTED: not judged, EventState.RUNNING: not doors}
    return [state for state in STEPS if not left_out.get(state)]


def _moments(event):
    return {
        EventState.PUBLISHED: event.signup_opens_at,
        EventState.SIGNUP_CLOSED: event.signup_closes_at,
        EventState.RUNNING: event.starts_at,
        EventState.CHOICE_OPEN: event.choice_opens_at,
        EventState.REVEALED: event.choice_closes_at,
    }


def _in(*states):
    return lambda actor, event: event.state in states


def _applies(state):
    return lambda actor, event: state in steps_of(event)


def _who_reads(event):
    if event.restricted:
        return _("The event appears in no list: invited people are notified, and the link works only for them.")
    return _("Anyone with the link can read about the event, and members below your organisation can sign up.")


def _who_is_told(event):
    count = event.signups.filter(state__in=LIVE).count()
    return _("%(count)s people have signed up. Each of them is notified of the reason. This cannot be undone.") % {
        "count": count
    }


EVENT = Actions(
    MatchEvent,
    prefix="event",
    path="events/",
    row_name="event",
    rule=rules.can_edit_event,
    line=steps_of,
    moments=_moments,
    stopped=lambda event: event.return_reason,
    words={
        "matchmakers": _("Matchmakers chosen"),
        "assign": _("Participants distributed evenly"),
        "change": _("Time or place changed"),
        "quotas": _("Number of places changed"),
        "invite": _("Invited people notified"),
        "sheet": _("Sign-in sheet exported"),
    },
    actions=[
        # During check-in, the choice round is not the next thing to do.
        Link(name="door", label=_("At the entrance"), icon="door-enter", when=_in(EventState.RUNNING)),
        Action(
            name="submit",
            service=event_submit,
            view=SubmitView,
            when=_in(EventState.DRAFT, EventState.RETURNED),
            label=_("Submit for approval"),
            icon="send",
            consequence=SubmitView.consequence,
            done=SubmitView.success_message,
        ),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_details),
        Action(
            name="approve",
            service=event_approve,
            view=ApproveView,
            rule=rules.can_approve_event,
            when=_in(EventState.SUBMITTED),
            label=_("Approve"),
            icon="check",
            title=_("Approve the event"),
            consequence=_(
                "You confirm the times, the numbers of places and the text as the second "
                "person. The event can then be published."
            ),
            done=_("The event is approved."),
        ),
        Action(
            name="return",
            service=event_return,
            view=ReturnView,
            form=ReasonForm,
            rule=rules.can_approve_event,
            when=_in(EventState.SUBMITTED),
            label=_("Return with a reason"),
            icon="arrow-back-up",
            title=_("Return the event"),
            button=ReturnView.action_label,
            consequence=ReturnView.consequence,
            done=_("The event is returned."),
        ),
        Action(
            name="publish",
            service=event_publish,
            view=PublishView,
            target=EventState.PUBLISHED,
            label=_("Publish"),
            icon="speakerphone",
            title=_("Publish the event"),
            consequence=_who_reads,
            done=_("Published. Share the link or print the poster."),
        ),
        Action(
            name="close-sign-up",
            service=event_close_sign_up,
            target=EventState.SIGNUP_CLOSED,
            label=_("Close sign-up now"),
            icon="lock",
            title=_("Close sign-up"),
            consequence=_("Nobody can sign up from now on. Sign-up cannot be reopened."),
            done=_("Sign-up is closed."),
            options={"danger": True},
        ),
        Action(
            name="settle",
            service=event_shortlist,
            target=EventState.SHORTLISTED,
            when=_applies(EventState.SHORTLISTED),
            label=_("Finalise the list"),
            icon="list-check",
            consequence=_("All sign-ups have been reviewed. From now on the list changes only when people leave."),
            done=_("The list is final."),
        ),
        Action(
            name="begin",
            service=event_begin,
            target=EventState.RUNNING,
            when=_applies(EventState.RUNNING),
            label=_("Start the event"),
            icon="door-enter",
            consequence=_("The event is under way: people can be admitted."),
            done=_("The event is under way."),
        ),
        Action(
            name="open-choice",
            service=event_open_choice,
            target=EventState.CHOICE_OPEN,
            label=_("Open the choice round now"),
            icon="heart",
            title=_("Open the choice round"),
            button=_("Open the round now"),
            consequence=_(
                "Confirmed participants see the cards of the other list and can choose until the round closes."
            ),
            done=_("The choice round is open. Every participant has been notified."),
        ),
        Action(
            name="reveal",
            service=event_reveal,
            target=EventState.REVEALED,
            label=_("Close the choice round and reveal the results"),
            icon="sparkles",
            button=_("Close and reveal"),
            consequence=_(
                "Mutual choices become pairs, and everyone gets one message. All choices and their "
                "key are destroyed: after that nobody can find out about a choice that was not "
                "mutual."
            ),
            done=_("The results are revealed. Everyone has received a message."),
            history=_("Pairs determined"),
            options={"danger": True},
        ),
        Action(
            name="close",
            service=event_close,
            target=EventState.CLOSED,
            label=_("Close the event"),
            icon="circle-check",
            consequence=_("The event is over. Its figures are kept."),
            done=_("The event is closed."),
        ),
        Action(
            name="report",
            service=event_report,
            target=EventState.REPORTED,
            label=_("Submit the report"),
            icon="report",
            consequence=_(
                "The report is generated from the records of the event. Costs can no "
                "longer be changed once it is submitted."
            ),
            done=_("The report is submitted."),
        ),
        Action(
            name="cancel",
            service=event_cancel,
            target=EventState.CANCELLED,
            form=ReasonForm,
            label=_("Cancel the event"),
            icon="x",
            consequence=_who_is_told,
            danger=True,
            done=_("The event is cancelled. Everyone who had signed up has been notified."),
        ),
        Link(
            name="change",
            label=_("Change time or place"),
            icon="calendar-clock",
            rule=rules.can_change_published,
            aside=True,
        ),
        Link(
            name="quotas",
            label=_("Change the number of places"),
            icon="users-plus",
            rule=rules.can_change_published,
            aside=True,
        ),
        Link(name="copy", label=_("Copy the event"), icon="copy", aside=True),
    ],
)
