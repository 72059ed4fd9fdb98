"""States and choices of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.second_person import not_the_proposer
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
    SHORTLISTED = "shortlisted", _("List finalised")
    RUNNING = "running", _("Under way")
    CHOICE_OPEN = "choice_open", _("Choice round open")
    REVEALED = "revealed", _("Revealed")
    CLOSED = "closed", _("Closed")
    REPORTED = "reported", _("Report submitted")
    CANCELLED = "cancelled", _("Cancelled")


EVENT_TRANSITIONS = {
    EventState.DRAFT: {EventState.SUBMITTED: Step(), EventState.CANCELLED: Step()},
    EventState.SUBMITTED: {
        EventState.APPROVED: Step(allowed=not_the_proposer),
        EventState.RETURNED: Step(allowed=not_the_proposer),
    },
    EventState.RETURNED: {EventState.SUBMITTED: Step(), EventState.CANCELLED: Step()},
    EventState.APPROVED: {EventState.PUBLISHED: Step(), EventState.CANCELLED: Step()},
    EventState.PUBLISHED: {EventState.SIGNUP_CLOSED: Step(time=True), EventState.CANCELLED: Step()},
    # Settling the list and starting check-in are steps of events that need them; the choice round waits for neither.
    EventState.SIGNUP_CLOSED: {
        EventState.SHORTLISTED: Step(),
        EventState.RUNNING: Step(time=True),
        EventState.CHOICE_OPEN: Step(time=True),
        EventState.CANCELLED: Step(),
    },
    EventState.SHORTLISTED: {
        EventState.RUNNING: Step(time=True),
        EventState.CHOICE_OPEN: Step(time=True),
        EventState.CANCELLED: Step(),
    },
    EventState.RUNNING: {EventState.CHOICE_OPEN: Step(time=True)},
    EventState.CHOICE_OPEN: {EventState.REVEALED: Step(time=True)},
    EventState.REVEALED: {EventState.CLOSED: Step()},
    EventState.CLOSED: {EventState.REPORTED: Step()},
    EventState.REPORTED: {},
    EventState.CANCELLED: {},
}
PUBLIC_STATES = (
    EventState.PUBLISHED,
    EventState.SIGNUP_CLOSED,
    EventState.SHORTLISTED,
    EventState.RUNNING,
    EventState.CHOICE_OPEN,
    EventState.REVEALED,
    EventState.CLOSED,
    EventState.REPORTED,
)
BEFORE_CHOICE = (EventState.PUBLISHED, EventState.SIGNUP_CLOSED, EventState.SHORTLISTED, EventState.RUNNING)
HELD_STATES = (EventState.REVEALED, EventState.CLOSED, EventState.REPORTED)
# States in which an event reserves its venue.
RESERVING = (EventState.SUBMITTED, EventState.APPROVED, *BEFORE_CHOICE, EventState.CHOICE_OPEN)


class TargetGroup(models.TextChoices):
    EVERYONE = "everyone", _("Everyone")
    INDUSTRY = "industry", _("Industrial workers")
    MEDICAL = "medical", _("Medical staff")
    TEACHERS = "teachers", _("Teachers")
    NEW_FORMS = "new_forms", _("New forms of employment")
    BORDER_GUARDS = "border_guards", _("Young people on border duty")
    SERVICES = "services", _("Armed forces and police")
