"""What can be done with a call to the hotline."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import forms, promises, rules, services
from matchmaking.models import HotlineTicket
from portal.audit.actions import Action, Actions, Link
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
            service=services.ticket_take,
            when=lambda actor, ticket: ticket.handler_id != actor.pk,
            label=_("I answer it"),
            icon="headset",
            consequence=_("You then read the caller's name and number, where they were given."),
            done=_("The call is yours."),
        ),
        Action(
            name="answer",
            service=services.ticket_answer,
            view=RowFormView,
            form=forms.TicketAnswerForm,
            label=_("Write the answer"),
            icon="message-circle",
            done=_("The answer is kept."),
            options={"submit_label": _("Keep the answer")},
        ),
        Action(
            name="assign",
            service=services.ticket_assign,
            form=forms.TicketAssignForm,
            label=_("Give it to somebody"),
            icon="user-share",
            button=_("Give it to her"),
            consequence=_("She is told, and reads the caller's name and number."),
            done=_("The call is given on."),
        ),
        Action(
            name="transfer",
            service=services.ticket_transfer,
            form=forms.TicketTransferForm,
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
            service=services.ticket_close,
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
            service=services.ticket_reopen,
            rule=rules.can_reopen_ticket,
            form=forms.ReasonForm,
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
