"""Actions on hotline tickets."""

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
    words={"log": _("Ticket created"), "assign": _("Assigned")},
    actions=[
        Action(
            name="take",
            service=ticket_take,
            when=lambda actor, ticket: ticket.handler_id != actor.pk,
            label=_("Take the ticket"),
            icon="headset",
            consequence=_("You can then see the caller's name and number, if they were given."),
            done=_("The ticket is assigned to you."),
        ),
        Action(
            name="answer",
            service=ticket_answer,
            view=RowFormView,
            form=TicketAnswerForm,
            label=_("Write the answer"),
            icon="message-circle",
            done=_("The answer is saved."),
            options={"submit_label": _("Save the answer")},
        ),
        Action(
            name="assign",
            service=ticket_assign,
            form=TicketAssignForm,
            label=_("Assign to another person"),
            icon="user-share",
            button=_("Assign"),
            consequence=_("The person is notified and can see the caller's name and number."),
            done=_("The ticket is assigned."),
        ),
        Action(
            name="transfer",
            service=ticket_transfer,
            form=TicketTransferForm,
            label=_("Forward"),
            icon="arrow-forward-up",
            consequence=_(
                "Those who answer tickets there are notified. The due date does not change. A ticket "
                "cannot be forwarded to the caller's own unit."
            ),
            done=_("The ticket is forwarded."),
            lands=_leads_to_list,
        ),
        Action(
            name="close",
            service=ticket_close,
            rule=rules.can_close_ticket,
            label=_("Close"),
            icon="circle-check",
            title=_("Close the ticket"),
            button=_("Close the ticket"),
            consequence=promises.TICKET_CLOSE.words,
            done=_("The ticket is closed."),
        ),
        Action(
            name="reopen",
            service=ticket_reopen,
            rule=rules.can_reopen_ticket,
            form=ReasonForm,
            label=_("Reopen"),
            icon="reload",
            title=_("Reopen the ticket"),
            button=_("Reopen the ticket"),
            consequence=_("The ticket gets a new due date."),
            done=_("The ticket is open again."),
        ),
        Link(name="print", label=_("Print"), icon="printer", rule=rules.can_see_ticket),
    ],
)
