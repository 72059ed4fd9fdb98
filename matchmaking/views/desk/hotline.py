"""Desk pages of hotline tickets and their due days."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.actions.hotline import TICKET
from matchmaking.choices.hotline import OPEN_TICKETS
from matchmaking.filters.hotline import TicketFilter
from matchmaking.forms.hotline import TicketForm
from matchmaking.models import HotlineTicket
from matchmaking.selectors.hotline import ticket_figures
from matchmaking.services.hotline import CLOCK, ticket_log
from matchmaking.tables.hotline import TicketTable
from portal.audit.records import RecordView
from portal.core.choices import Area, Capability
from portal.core.text import mask_name, mask_phone
from portal.deadlines.selectors import counted
from portal.web.views import CapabilityMixin, CreateView, DetailView, ListView


class TicketListView(CapabilityMixin, ListView):
    """Tickets by due day, open ones first, with the number of tickets of each kind above."""

    model = HotlineTicket
    area = Area.MATCHMAKING
    capability = Capability.EDIT
    table_class = TicketTable
    filterset_class = TicketFilter
    template_name = "matchmaking/ticket_list.html"
    title = _("Hotline")
    create_url_name = "matchmaking:ticket-create"
    create_label = _("Log a call")
    empty_title = _("No hotline tickets yet")
    empty_text = _("Log a call to create a hotline ticket with a number and a due date.")
    export_columns = (
        (_("Number"), "pk"),
        (_("Ticket category"), "get_kind_display"),
        (_("Subject"), "subject"),
        (_("State"), "get_state_display"),
        (_("Called at"), "created_at"),
        (_("Due"), "due_on"),
        (_("Answered at"), "answered_at"),
        (_("Responsible organisation"), "organization__name"),
    )

    def get_queryset(self):
        return super().get_queryset().open_first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(figures=ticket_figures(self.object_list), **kwargs)


class TicketCreateView(CreateView):
    model = HotlineTicket
    area = Area.MATCHMAKING
    form_class = TicketForm
    title = _("Log a call")
    submit_label = _("Log the call")
    success_message = _("The call is logged. The staff who answer it can see the due date.")

    def perform(self, form):
        data = dict(form.cleaned_data)
        return ticket_log(actor=self.request.user, caller_unit=data.pop("caller_unit_name"), **data)

    def next_url(self, result):
        seen = HotlineTicket.objects.visible_to(self.request.user).filter(pk=result.pk).exists()
        return result.get_absolute_url() if seen else reverse("matchmaking:ticket-list")


def facts_of(ticket, reader):
    """Return the facts of a ticket; the caller is masked for readers who may not see name and number."""
    clear = rules.can_read_caller(reader, ticket)
    caller = ticket.caller if clear else mask_name(ticket.caller)
    phone = ticket.caller_phone if clear else mask_phone(ticket.caller_phone)
    return [
        {"label": _("Ticket category"), "value": ticket.get_kind_display()},
        {"label": _("Responsible organisation"), "value": ticket.organization.name},
        {"label": _("Assigned to"), "value": ticket.handler.name if ticket.handler else _("nobody yet")},
        {"label": _("Called at"), "value": ticket.created_at},
        {"label": _("Caller"), "value": caller or _("no name given")},
        {"label": _("Callback number"), "value": phone or _("none")},
    ]


class TicketDetailView(RecordView):
    model = HotlineTicket
    actions = TICKET
    template_name = "matchmaking/ticket_detail.html"

    def get_title(self):
        return _("Hotline ticket no. %(number)s") % {"number": self.object.pk}

    def facts_of(self, ticket):
        return facts_of(ticket, self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            is_open=self.object.state in OPEN_TICKETS,
            clear=rules.can_read_caller(self.request.user, self.object),
            source=counted(self.object, CLOCK),
            **kwargs,
        )


class TicketPrintView(DetailView):
    """One ticket as a sheet to print; the caller is masked for readers who may not see name and number."""

    model = HotlineTicket
    template_name = "matchmaking/ticket_print.html"

    def get_title(self):
        return _("Hotline ticket no. %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        return super().get_context_data(facts=facts_of(self.object, self.request.user), **kwargs)
