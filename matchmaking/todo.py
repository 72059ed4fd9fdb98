"""What waits for whom in matchmaking."""

from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking.choices import EventState
from matchmaking.models import MatchEvent
from portal.core.choices import Capability
from portal.web.todo import Todo


def items_for(actor):
    """Events to approve, to publish and to correct, each by when sign-up should open."""
    waiting = MatchEvent.objects.reached_by(actor, Capability.APPROVE).filter(state=EventState.SUBMITTED)
    own = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(created_by=actor)
    late = own.filter(state=EventState.CHOICE_OPEN, choice_closes_at__lt=timezone.now())
    kinds = (
        (waiting.exclude(submitted_by=actor).exclude(created_by=actor), _("Approve the event “%(title)s”"), "check"),
        (own.filter(state=EventState.APPROVED), _("Publish the event “%(title)s”"), "speakerphone"),
        (own.filter(state=EventState.RETURNED), _("Correct the event “%(title)s” and submit it again"), "edit"),
        (late, _("Reveal the event “%(title)s”: its round is over"), "sparkles"),
    )
    return [
        _item(event, sentence, icon)
        for events, sentence, icon in kinds
        for event in events.order_by("signup_opens_at")[:50]
    ]


def _item(event, sentence, icon):
    return Todo(sentence % {"title": event.title}, event.get_absolute_url(), icon, event.signup_opens_at)
