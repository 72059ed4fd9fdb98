"""What waits for whom in matchmaking."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import EventState, VolunteerState
from matchmaking.models import MatchEvent, Volunteer
from portal.core.choices import Capability
from portal.web.todo import Todo

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
    return [*found, *_volunteers(actor)]


def _item(event):
    sentence, icon = WORDS[event.state]
    return Todo(sentence % {"title": event.title}, event.get_absolute_url(), icon, event.signup_opens_at)


def _volunteers(actor):
    """Members who applied to help: train them and let them begin."""
    rows = Volunteer.objects.reached_by(actor, Capability.EDIT).filter(state=VolunteerState.APPLIED)
    rows = rows.exclude(member=actor).order_by("pk")[:20]
    words = _("A matchmaker is to be trained and to begin")
    return [Todo(words, row.get_absolute_url(), "user-heart", row.created_at + timedelta(days=30)) for row in rows]
