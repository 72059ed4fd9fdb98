from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class Pool(models.TextChoices):
    MEN = "men", _("Men's list")
    WOMEN = "women", _("Women's list")


class EventMode(models.TextChoices):
    ONLINE = "online", _("Online")
    OFFLINE = "offline", _("On site")


class EventState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Open for sign-up")
    SIGNUP_CLOSED = "signup_closed", _("Sign-up closed")
    CHOICE_OPEN = "choice_open", _("Choice round open")
    REVEALED = "revealed", _("Revealed")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


def not_the_proposer(actor, event):
    """The second person is another one than who submitted the event."""
    return actor.pk not in {event.submitted_by_id, event.created_by_id}


EVENT_TRANSITIONS = {
    EventState.DRAFT: {EventState.SUBMITTED: Step(), EventState.CANCELLED: Step()},
    EventState.SUBMITTED: {
        EventState.APPROVED: Step(allowed=not_the_proposer),
        EventState.RETURNED: Step(allowed=not_the_proposer),
    },
    EventState.RETURNED: {EventState.SUBMITTED: Step(), EventState.CANCELLED: Step()},
    EventState.APPROVED: {EventState.PUBLISHED: Step(), EventState.CANCELLED: Step()},
    EventState.PUBLISHED: {EventState.SIGNUP_CLOSED: Step(time=True), EventState.CANCELLED: Step()},
    EventState.SIGNUP_CLOSED: {EventState.CHOICE_OPEN: Step(time=True), EventState.CANCELLED: Step()},
    EventState.CHOICE_OPEN: {EventState.REVEALED: Step(time=True)},
    EventState.REVEALED: {EventState.CLOSED: Step()},
    EventState.CLOSED: {},
    EventState.CANCELLED: {},
}

PUBLIC_STATES = (
    EventState.PUBLISHED,
    EventState.SIGNUP_CLOSED,
    EventState.CHOICE_OPEN,
    EventState.REVEALED,
    EventState.CLOSED,
)
