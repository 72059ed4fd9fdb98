"""What can be done with a call to the hotline."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import promises, rules
from matchmaking.forms.hotline import TicketAnswerForm, TicketAssignForm, TicketTransferForm
from matchmaking.models import HotlineTicket
from matchmaking.services.hotline import (
    ticket_answer,
    ticket_assign,
    ticket_close,
    ticket_reopen,
    ticket_take,
    ticket_transfer,
)
from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm
from portal.web.views import RowFormView


def _leads_to_list(ticket, result):
    return reverse("matchmaking:ticket-list")


TICKET = Actions(
    HotlineTicket,
    prefix="ticket",
    path="tickets/",
    row_name="ticket",
    rule=rules.can_work_on_ticket,
    words={"log": _("Call written down"), "assign": _("Assigned")},
    actions=[
        Action(
            name="take",
            service=ticket_take,
            when=lambda actor, ticket: ticket.handler_id != actor.pk,
            label=_("I answer it"),
            icon="headset",
            consequence=_("You then read the caller's name and number, where they were given."),
            done=_("The call is yours."),
        ),
        Action(
            name="answer",
            service=ticket_answer,
            view=RowFormView,
            form=TicketAnswerForm,
            label=_("Write the answer"),
            icon="message-circle",
            done=_("The answer is kept."),
            options={"submit_label": _("Keep the answer")},
        ),
        Action(
            name="assign",
            service=ticket_assign,
            form=TicketAssignForm,
            label=_("Give it to somebody"),
            icon="user-share",
            button=_("Give it to her"),
            consequence=_("She is told, and reads the caller's name and number."),
            done=_("The call is given on."),
        ),
        Action(
            name="transfer",
            service=ticket_transfer,
            form=TicketTransferForm,
            label=_("Pass it on"),
            icon="arrow-forward-up",
            consequence=_(
                "Those who answer calls there are told. The day it is due stays. Never the caller's own unit."
            ),
            done=_("The call is passed on."),
            lands=_leads_to_list,
        ),
        Action(
            name="close",
            service=ticket_close,
            rule=rules.can_close_ticket,
            label=_("Close"),
            icon="circle-check",
            title=_("Close the call"),
            button=_("Close the call"),
            consequence=promises.TICKET_CLOSE.words,
            done=_("The call is closed."),
        ),
        Action(
            name="reopen",
            service=ticket_reopen,
            rule=rules.can_reopen_ticket,
            form=ReasonForm,
            label=_("Open again"),
            icon="reload",
            title=_("Open the call again"),
            button=_("Open the call again"),
            consequence=_("It gets a new day by which it is answered."),
            done=_("The call is open again."),
        ),
        Link(name="print", label=_("Print"), icon="printer", rule=rules.can_see_ticket),
    ],
)
