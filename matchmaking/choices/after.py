"""States and words of couples, weddings, publicity and the hotline."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class PairState(models.TextChoices):
    HAND_HOLDING = "hand_holding", _("Hands held")
    DATING = "dating", _("Dating")
    ENGAGED = "engaged", _("Engaged")
    REGISTERED = "registered", _("Married")
    ENDED = "ended", _("Ended")


# Forward in any stride, never back; ``ended`` from everywhere but marriage. The clock takes what both have said.
PAIR_TRANSITIONS = {
    PairState.HAND_HOLDING: {
        PairState.DATING: Step(time=True),
        PairState.ENGAGED: Step(time=True),
        PairState.REGISTERED: Step(time=True),
        PairState.ENDED: Step(time=True),
    },
    PairState.DATING: {
        PairState.ENGAGED: Step(time=True),
        PairState.REGISTERED: Step(time=True),
        PairState.ENDED: Step(time=True),
    },
    PairState.ENGAGED: {PairState.REGISTERED: Step(time=True), PairState.ENDED: Step(time=True)},
    PairState.REGISTERED: {},
    PairState.ENDED: {},
}
# What one of the two may say of them; how far a couple is, in this order.
SAYINGS = (PairState.DATING, PairState.ENGAGED, PairState.REGISTERED, PairState.ENDED)
# Both have said so: neither of the two is single any more.
SETTLED_PAIRS = (PairState.ENGAGED, PairState.REGISTERED)
STAGES = (PairState.HAND_HOLDING, PairState.DATING, PairState.ENGAGED, PairState.REGISTERED)


class FollowUpKind(models.TextChoices):
    """Call-backs as practised: three days, three weeks, three months after hands were held."""

    DAYS = "days", _("After three days")
    WEEKS = "weeks", _("After three weeks")
    MONTHS = "months", _("After three months")


class FollowUpState(models.TextChoices):
    DUE = "due", _("To do")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Not wanted")


FOLLOW_UP_TRANSITIONS = {
    FollowUpState.DUE: {FollowUpState.DONE: Step(), FollowUpState.STOPPED: Step(time=True)},
    FollowUpState.DONE: {},
    FollowUpState.STOPPED: {},
}


class FollowUpResult(models.TextChoices):
    REACHED = "reached", _("Spoken to, they are in touch")
    APART = "apart", _("Spoken to, no longer in touch")
    NOT_REACHED = "not_reached", _("Not reached")


class WeddingState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open for couples")
    CLOSED = "closed", _("List closed")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


WEDDING_TRANSITIONS = {
    WeddingState.DRAFT: {WeddingState.OPEN: Step(), WeddingState.CANCELLED: Step()},
    WeddingState.OPEN: {WeddingState.CLOSED: Step(time=True), WeddingState.CANCELLED: Step()},
    WeddingState.CLOSED: {WeddingState.HELD: Step(), WeddingState.CANCELLED: Step()},
    WeddingState.HELD: {},
    WeddingState.CANCELLED: {},
}


class CoupleState(models.TextChoices):
    """A couple that applies for a group wedding: one asks, the other confirms, the organiser decides."""

    ASKED = "asked", _("Waiting for the other one")
    APPLIED = "applied", _("Applied")
    ACCEPTED = "accepted", _("Accepted")
    WAITLISTED = "waitlisted", _("On the waiting list")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


COUPLE_TRANSITIONS = {
    CoupleState.ASKED: {CoupleState.APPLIED: Step(), CoupleState.WITHDRAWN: Step(time=True)},
    CoupleState.APPLIED: {
        CoupleState.ACCEPTED: Step(),
        CoupleState.WAITLISTED: Step(),
        CoupleState.DECLINED: Step(),
        CoupleState.WITHDRAWN: Step(time=True),
    },
    CoupleState.WAITLISTED: {
        CoupleState.ACCEPTED: Step(time=True),
        CoupleState.DECLINED: Step(),
        CoupleState.WITHDRAWN: Step(time=True),
    },
    CoupleState.ACCEPTED: {CoupleState.WITHDRAWN: Step(time=True)},
    CoupleState.DECLINED: {},
    CoupleState.WITHDRAWN: {},
}
# Both have confirmed that they want to be wed.
CONFIRMED_COUPLES = (CoupleState.APPLIED, CoupleState.WAITLISTED, CoupleState.ACCEPTED)
LIVE_COUPLES = (CoupleState.ASKED, CoupleState.APPLIED, CoupleState.WAITLISTED, CoupleState.ACCEPTED)


class Medium(models.TextChoices):
    TELEVISION = "television", _("Television")
    RADIO = "radio", _("Radio")
    NEWSPAPER = "newspaper", _("Newspaper")
    ONLINE = "online", _("Online")


class NominationState(models.TextChoices):
    ASKED = "asked", _("The person is asked")
    CONSENTED = "consented", _("Agreed")
    DECLINED = "declined", _("Did not agree")
    NOMINATED = "nominated", _("Passed on to the medium")
    RELEASED = "released", _("Published")
    WITHDRAWN = "withdrawn", _("Consent taken back")


NOMINATION_TRANSITIONS = {
    NominationState.ASKED: {NominationState.CONSENTED: Step(), NominationState.DECLINED: Step(time=True)},
    NominationState.CONSENTED: {NominationState.NOMINATED: Step(), NominationState.WITHDRAWN: Step()},
    NominationState.NOMINATED: {NominationState.RELEASED: Step(), NominationState.WITHDRAWN: Step()},
    NominationState.RELEASED: {NominationState.WITHDRAWN: Step()},
    NominationState.DECLINED: {},
    NominationState.WITHDRAWN: {},
}
STANDING_NOMINATIONS = (NominationState.CONSENTED, NominationState.NOMINATED, NominationState.RELEASED)


class TicketKind(models.TextChoices):
    EVENT = "event", _("Question about an event")
    PROFILE = "profile", _("Question about a profile")
    MATCHMAKER = "matchmaker", _("Wants a matchmaker")
    COMPLAINT = "complaint", _("Complaint")
    FEELINGS = "feelings", _("Wants to talk")
    OTHER = "other", _("Something else")


class TicketState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    TRANSFERRED = "transferred", _("Passed on")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


TICKET_TRANSITIONS = {
    TicketState.OPEN: {TicketState.TRANSFERRED, TicketState.ANSWERED},
    TicketState.TRANSFERRED: {TicketState.ANSWERED, TicketState.TRANSFERRED},
    TicketState.ANSWERED: {TicketState.CLOSED, TicketState.OPEN},
    TicketState.CLOSED: {TicketState.OPEN},
}
OPEN_TICKETS = (TicketState.OPEN, TicketState.TRANSFERRED)
