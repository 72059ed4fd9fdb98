"""Services to plan, approve, publish and end events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.choices.events import EventState, TargetGroup
from matchmaking.models import MatchEvent
from matchmaking.services.choosing import event_open_choice, event_reveal
from matchmaking.services.demands import demands_free, demands_tell
from matchmaking.services.invitations import invitations_tell
from matchmaking.services.on_the_day import codes_fill
from matchmaking.services.participations import forget_photo
from matchmaking.services.standing import event_signups_end
from matchmaking.services.venues import guarded, venue_check
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.core.services import steps_of
from portal.members.services.consents import consent_withdraw
from portal.members.services.second_person import second_person_ask
from portal.messaging.choices import Channel
from portal.messaging.services.messages import message_post, messages_post
from portal.signups.choices import LIVE, SignUpState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from portal.members.models import Member
    from portal.organizations.models import Organization

EDITABLE = (EventState.DRAFT, EventState.RETURNED)
# States in which sign-up is over and the choice round has not begun.
SETTLED = (EventState.SIGNUP_CLOSED, EventState.SHORTLISTED, EventState.RUNNING)


def _check_group(event: MatchEvent) -> None:
    if event.target_group == TargetGroup.SERVICES and not event.restricted:
        raise DomainError(
            _("Events for the armed forces and the police must be by invitation only: tick that box."),
            code="not-restricted",
        )


@transaction.atomic
def event_create(*, actor: Member, organization: Organization, **fields: Any) -> MatchEvent:
    """Create an event of ``organization`` as a draft, which a second person has to approve."""
    event = MatchEvent(organization=organization, created_by=actor, **fields)
    event.full_clean(exclude=["organization", "created_by"])
    _check_group(event)
    venue_check(event)
    event.save(force_insert=True)
    audit_record(actor=actor, action="event.create", about=event)
    return event


@transaction.atomic
def event_update(*, actor: Member, event: MatchEvent, version: int, **fields: Any) -> MatchEvent:
    """Change a draft or a returned event; raises Conflict when another edit came first."""
    held = locks.hold_version(event, version)
    if held.state not in EDITABLE:
        raise DomainError(_("Only a draft or a returned event can be edited."), code="not-editable")
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    held.version += 1
    held.full_clean(exclude=["organization", "created_by"])
    _check_group(held)
    venue_check(held)
    held.save(update_fields=[*touched, "version"])
    audit_record(actor=actor, action="event.update", about=held, fields=touched)
    return held


@transaction.atomic
def event_submit(*, event: MatchEvent, actor: Member) -> MatchEvent:
    """Submit an event for approval by a second person, who is notified.

    Where nobody may approve it, the members who may appoint an approver are notified.
    """
    if event.signup_closes_at <= timezone.now():
        raise DomainError(_("The closing time of sign-up has passed: correct the times first."), code="past")
    venue_check(locks.hold(event))
    with guarded(event):
        event = advance(event, EventState.SUBMITTED, actor=actor, submitted_by=actor, submitted_at=timezone.now())
    second_person_ask(row=event, area=Area.MATCHMAKING, kind="matchmaking.event_submitted", title=event.title)
    return event


@transaction.atomic
def event_approve(*, event: MatchEvent, actor: Member) -> MatchEvent:
    """Approve an event as the second person; the proposer is notified."""
    event = advance(event, EventState.APPROVED, actor=actor, approved_by=actor, return_reason="")
    _tell_proposer(event, "matchmaking.event_approved", {})
    return event


@transaction.atomic
def event_return(*, event: MatchEvent, actor: Member, reason: str) -> MatchEvent:
    """Return an event to the proposer with a reason."""
    event = advance(event, EventState.RETURNED, actor=actor, note=reason, return_reason=reason)
    _tell_proposer(event, "matchmaking.event_returned", {"reason": reason})
    return event


def _tell_proposer(event: MatchEvent, kind: str, context: Mapping[str, str]) -> None:
    assert event.submitted_by is not None, "what is judged was submitted"
    message_post(
        kind=kind,
        to=event.submitted_by,
        about=event,
        context={"title": event.title, **context},
        url=event.get_absolute_url(),
    )


@transaction.atomic
def event_publish(*, event: MatchEvent, actor: Member) -> MatchEvent:
    """Publish an approved event to members: from now on its link works.

    The people who are invited or asked for it are notified.
    """
    if event.signup_closes_at <= timezone.now():
        raise DomainError(_("The closing time of sign-up has passed: correct the times first."), code="past")
    event = advance(event, EventState.PUBLISHED, actor=actor)
    demands_tell(event=event)
    invitations_tell(event=event, actor=actor)
    return event


@transaction.atomic
def event_close_sign_up(*, event: MatchEvent, actor: Member | Clock) -> MatchEvent:
    """Close sign-up, at its time or earlier; everybody on the lists gets a check-in code."""
    event = advance(event, EventState.SIGNUP_CLOSED, actor=actor)
    codes_fill(event=event)
    return event


@transaction.atomic
def event_shortlist(*, event: MatchEvent, actor: Member) -> MatchEvent:
    """Settle the list of an event; refused while sign-ups wait for review."""
    held = locks.hold(event)
    event_signups_end(event=held)
    if held.signups.filter(state=SignUpState.APPLIED).exists():
        raise DomainError(_("Some sign-ups are still waiting for review: review them first."), code="unreviewed")
    return advance(event, EventState.SHORTLISTED, actor=actor)


@transaction.atomic
def event_begin(*, event: MatchEvent, actor: Member | Clock) -> MatchEvent:
    """Begin an event, at its time or when the organisers say so."""
    event_signups_end(event=event)
    return advance(event, EventState.RUNNING, actor=actor)


def event_report(*, event: MatchEvent, actor: Member) -> MatchEvent:
    """File the report of a closed event; its content is computed from the event's rows."""
    return advance(event, EventState.REPORTED, actor=actor)


@transaction.atomic
def event_cancel(*, event: MatchEvent, actor: Member, reason: str) -> MatchEvent:
    """Cancel an event before its choice round.

    Everyone who signed up is told why; their photos are deleted and their consents withdrawn.
    """
    event = advance(event, EventState.CANCELLED, actor=actor, note=reason, return_reason=reason)
    demands_free(event=event, actor=actor)
    signups = list(event.signups.filter(state__in=LIVE).select_related("member", "photo"))
    for signup in signups:
        consent_withdraw(member=signup.member, purpose=consents.EVENT, about_id=event.pk)
        forget_photo(signup)
    messages_post(
        kind="matchmaking.event_cancelled",
        recipients=[(signup.member, {"title": event.title, "reason": reason}) for signup in signups],
        about=event,
        channels=(Channel.IN_APP, Channel.SMS),
    )
    return event


def event_close(*, event: MatchEvent, actor: Member) -> MatchEvent:
    """Close an event after its reveal."""
    return advance(event, EventState.CLOSED, actor=actor)


def events_keep_time() -> int:
    """Take the steps that are due by time, each event in its own transaction; return how many.

    A missed run is caught up: what is due depends on the current time, not on when this ran last.
    """
    now = timezone.now()
    settled = MatchEvent.objects.filter(state__in=SETTLED)
    due = (
        (event_close_sign_up, MatchEvent.objects.filter(state=EventState.PUBLISHED, signup_closes_at__lte=now)),
        (
            event_begin,
            settled.exclude(state=EventState.RUNNING).filter(starts_at__lte=now, choice_opens_at__gt=now),
        ),
        (event_open_choice, settled.filter(choice_opens_at__lte=now)),
        (event_reveal, MatchEvent.objects.filter(state=EventState.CHOICE_OPEN, choice_closes_at__lte=now)),
    )
    clock = Clock("matchmaking.keep_time")
    taken = 0
    with steps_of("matchmaking.events") as steps:
        for service, events in due:
            for event in events:
                with steps.one(event):
                    taken += _step(service, event, clock)
    return taken


def _step(service: Callable[..., MatchEvent], event: MatchEvent, clock: Clock) -> int:
    try:
        service(event=event, actor=clock)
    except DomainError:
        return 0
    return 1
