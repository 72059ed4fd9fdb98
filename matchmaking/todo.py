"""What waits for whom in matchmaking."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import EventState
from matchmaking.models import MatchEvent
from portal.core.choices import Capability
from portal.web.todo import Overdue, Todo

APPROVAL_DAYS = timedelta(days=5)
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
    return [_item(event) for events in kinds for event in events.order_by("signup_opens_at")[:50]]


def overdue_below(actor, organization):
    """Return how many events have waited for their approval for more than five days."""
    waiting = MatchEvent.objects.visible_to(actor).below(organization.path).filter(state=EventState.SUBMITTED)
    url = f"{reverse('matchmaking:event-list')}?state={EventState.SUBMITTED}"
    late = waiting.filter(submitted_at__lt=timezone.now() - APPROVAL_DAYS)
    return [Overdue(gettext("Events that have waited for approval for more than five days"), late.count(), url)]


def _item(event):
    sentence, icon = WORDS[event.state]
    return Todo(sentence % {"title": event.title}, event.get_absolute_url(), icon, event.signup_opens_at)
