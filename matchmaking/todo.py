"""What waits for whom in matchmaking."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import BEFORE_CHOICE, DemandState, EventState
from matchmaking.models import EventDemand, MatchEvent, Participation
from portal.core.choices import Capability
from portal.signups.choices import SignUpState
from portal.web.todo import Todo

ANSWER_WITHIN = timedelta(days=14)
# By the state of the event: the sentence and its icon.
WORDS = {
    EventState.SUBMITTED: (_("Approve the event “%(title)s”"), "check"),
    EventState.APPROVED: (_("Publish the event “%(title)s”"), "speakerphone"),
    EventState.RETURNED: (_("Correct the event “%(title)s” and submit it again"), "edit"),
    EventState.CHOICE_OPEN: (_("Reveal the event “%(title)s”: its round is over"), "sparkles"),
}


def items_for(actor):
    """Events to approve, to publish and to correct, each by when sign-up should open."""
    waiting = MatchEvent.objects.reached_by(actor, Capability.APPROVE).filter(state=EventState.SUBMITTED)
    own = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(created_by=actor)
    late = Q(state=EventState.CHOICE_OPEN, choice_closes_at__lt=timezone.now())
    kinds = (
        waiting.exclude(submitted_by=actor).exclude(created_by=actor),
        own.filter(Q(state__in=(EventState.APPROVED, EventState.RETURNED)) | late),
    )
    found = [_item(event) for events in kinds for event in events.order_by("signup_opens_at")[:50]]
    return found + review_items(actor) + demand_items(actor)


def review_items(actor):
    """Events with sign-ups that wait for review, each by when sign-up closes."""
    waiting = Participation.objects.filter(offering=OuterRef("pk"), state=SignUpState.APPLIED)
    events = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(
        Exists(waiting), created_by=actor, needs_review=True, state__in=BEFORE_CHOICE
    )
    return [
        Todo(
            _("Review the sign-ups of “%(title)s”") % {"title": event.title},
            reverse("matchmaking:event-review", args=[event.pk]),
            "user-question",
            event.signup_closes_at,
        )
        for event in events.order_by("signup_closes_at")[:50]
    ]


def demand_items(actor):
    """One line for the demands of units below her that nobody has answered for two weeks."""
    old = timezone.now() - ANSWER_WITHIN
    waiting = EventDemand.objects.reached_by(actor, Capability.EDIT).filter(state=DemandState.OPEN, created_at__lte=old)
    first = waiting.exclude(asked_by=actor).order_by("created_at").first()
    if first is None:
        return []
    words = _("Answer the demands for events that wait for two weeks or longer")
    url = f"{reverse('matchmaking:demand-list')}?state={DemandState.OPEN}"
    return [Todo(words, url, "message-2", first.created_at + ANSWER_WITHIN)]


def _item(event):
    sentence, icon = WORDS[event.state]
    return Todo(sentence % {"title": event.title}, event.get_absolute_url(), icon, event.signup_opens_at)
