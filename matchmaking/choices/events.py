"""States, lists, groups and places of events."""

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
    SHORTLISTED = "shortlisted", _("List settled")
    RUNNING = "running", _("Under way")
    CHOICE_OPEN = "choice_open", _("Choice round open")
    REVEALED = "revealed", _("Revealed")
    CLOSED = "closed", _("Closed")
    REPORTED = "reported", _("Reported")
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
    # Settling the list and opening the doors are steps of events that need them; the choice round waits for neither.
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
# States in which an event holds its venue.
RESERVING = (EventState.SUBMITTED, EventState.APPROVED, *BEFORE_CHOICE, EventState.CHOICE_OPEN)


class TargetGroup(models.TextChoices):
    EVERYONE = "everyone", _("Everyone")
    INDUSTRY = "industry", _("Industrial workers")
    MEDICAL = "medical", _("Medical staff")
    TEACHERS = "teachers", _("Teachers")
    NEW_FORMS = "new_forms", _("New forms of employment")
    BORDER_GUARDS = "border_guards", _("Young people on border duty")
    SERVICES = "services", _("Armed forces and police")


class VenueKind(models.TextChoices):
    CULTURE_PALACE = "culture_palace", _("Workers' cultural palace")
    SERVICE_CENTRE = "service_centre", _("Workers' service centre")
    BOOK_HOUSE = "book_house", _("Workers' reading room")
    RED_SITE = "red_site", _("Site of revolutionary education")
    HERITAGE = "heritage", _("Site of intangible heritage")
    PARK = "park", _("Park or forest park")
    SNOW = "snow", _("Ski or snow park")
    LIBRARY = "library", _("Library")
    CAFE = "cafe", _("Café with books")
    COMPANY_HALL = "company_hall", _("Company hall")
    UNIVERSITY_HALL = "university_hall", _("University hall")
    FARM = "farm", _("Farm")
    OTHER = "other", _("Other")


class PartnerKind(models.TextChoices):
    UNION = "union", _("Union")
    YOUTH_LEAGUE = "youth_league", _("Youth league")
    PROVINCIAL_ORGANS = "provincial_organs", _("Organs of the province")
    ARMED_FORCES = "armed_forces", _("Armed forces")
    POLICE = "police", _("Police")
    MEDIA = "media", _("Media")
    EMPLOYER = "employer", _("Employer")
    OTHER = "other", _("Other")


class DemandState(models.TextChoices):
    OPEN = "open", _("Waiting")
    PLANNED = "planned", _("An event is planned")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


DEMAND_TRANSITIONS = {
    DemandState.OPEN: {DemandState.PLANNED, DemandState.DECLINED, DemandState.WITHDRAWN},
    DemandState.PLANNED: {DemandState.OPEN},
    DemandState.DECLINED: {DemandState.OPEN},
    DemandState.WITHDRAWN: set(),
}


class LetterTo(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed participants")
    WAITING = "waiting", _("The waiting list")
    EVERYONE = "everyone", _("Both")


class CostKind(models.TextChoices):
    VENUE = "venue", _("Venue")
    CATERING = "catering", _("Food and drink")
    MATERIALS = "materials", _("Materials")
    HOSTS = "hosts", _("Hosts and speakers")
    TRANSPORT = "transport", _("Transport")
    INSURANCE = "insurance", _("Insurance")
    OTHER = "other", _("Other")
