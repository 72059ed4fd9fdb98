"""States and choices of hotline tickets."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketKind(models.TextChoices):
    EVENT = "event", _("Question about an event")
    PROFILE = "profile", _("Question about a profile")
    MATCHMAKER = "matchmaker", _("Wants a matchmaker")
    COMPLAINT = "complaint", _("Complaint")
    FEELINGS = "feelings", _("Wants emotional support")
    OTHER = "other", _("Something else")


class TicketState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    TRANSFERRED = "transferred", _("Forwarded")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


TICKET_TRANSITIONS = {
    TicketState.OPEN: {TicketState.TRANSFERRED, TicketState.ANSWERED},
    TicketState.TRANSFERRED: {TicketState.ANSWERED, TicketState.TRANSFERRED},
    TicketState.ANSWERED: {TicketState.CLOSED, TicketState.OPEN},
    TicketState.CLOSED: {TicketState.OPEN},
}
OPEN_TICKETS = (TicketState.OPEN, TicketState.TRANSFERRED)
