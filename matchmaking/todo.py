"""What waits for whom in matchmaking."""

from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking.choices import EventState
from matchmaking.models import MatchEvent
from portal.core.choices import Capability
from portal.web.todo import Todo


def items_for(actor):
    """Events to approve, to publish and to correct, each by when sign-up should open."""
    items = []
    waiting = MatchEvent.objects.reached_by(actor, Capability.APPROVE).filter(state=EventState.SUBMITTED)
    for event in waiting.exclude(submitted_by=actor).exclude(created_by=actor).order_by("signup_opens_at")[:50]:
        items.append(_item(event, _("Approve the event “%(title)s”"), "check"))
    own = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(created_by=actor)
    for event in own.filter(state=EventState.APPROVED).order_by("signup_opens_at")[:50]:
        items.append(_item(event, _("Publish the event “%(title)s”"), "speakerphone"))
    for event in own.filter(state=EventState.RETURNED).order_by("signup_opens_at")[:50]:
        items.append(_item(event, _("Correct the event “%(title)s” and submit it again"), "edit"))
    late = own.filter(state=EventState.CHOICE_OPEN, choice_closes_at__lt=timezone.now())
    for event in late[:50]:
        items.append(_item(event, _("Reveal the event “%(title)s”: its round is over"), "sparkles"))
    return items


def _item(event, sentence, icon):
    return Todo(sentence % {"title": event.title}, event.get_absolute_url(), icon, event.signup_opens_at)
