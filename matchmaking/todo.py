"""What waits for whom in matchmaking."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import BEFORE_CHOICE, EventState
from matchmaking.models import MatchEvent, Participation
from portal.core.choices import Capability
from portal.signups.choices import SignUpState
from portal.web.todo import Todo

# By the state of the event: the sentence and its icon.
WORDS = {
    EventState.SUBMITTED: (_("Approve the event “%(title)s”"), "check"),
    EventState.APPROVED: (_("Publish the event “%(title)s”"), "speakerphone"),
    EventState.RETURNED: (_("Correct the event “%(title)s” and submit it again"), "edit"),
    EventState.CHOICE_OPEN: (_("Reveal the event “%(title)s”: its round is over"), "sparkles"),
}


def items_for(actor):
    """Events to approve, to publish and to correct, each by when sign-up should open; sign-ups to review."""
    waiting = MatchEvent.objects.reached_by(actor, Capability.APPROVE).filter(state=EventState.SUBMITTED)
    own = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(created_by=actor)
    late = Q(state=EventState.CHOICE_OPEN, choice_closes_at__lt=timezone.now())
    applied = Participation.objects.filter(offering=OuterRef("pk"), state=SignUpState.APPLIED)
    unjudged = Q(Exists(applied), needs_review=True, state__in=BEFORE_CHOICE)
    kinds = (
        waiting.exclude(submitted_by=actor).exclude(created_by=actor),
        own.filter(Q(state__in=(EventState.APPROVED, EventState.RETURNED)) | late | unjudged),
    )
    return [_item(event) for events in kinds for event in events.order_by("signup_opens_at")[:50]]


def _item(event):
    if event.state in BEFORE_CHOICE:
        words = _("Review the sign-ups of “%(title)s”") % {"title": event.title}
        url = reverse("matchmaking:event-review", args=[event.pk])
        return Todo(words, url, "user-question", event.signup_closes_at)
    sentence, icon = WORDS[event.state]
    return Todo(sentence % {"title": event.title}, event.get_absolute_url(), icon, event.signup_opens_at)
