"""The hotline on the desk: calls with their clock."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import forms, promises, rules, selectors, services
from matchmaking.choices import OPEN_TICKETS
from matchmaking.filters import TicketFilter
from matchmaking.models import HotlineTicket
from matchmaking.tables import TicketTable
from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.core.text import mask_name, mask_phone
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView, RowFormView

WORDS = {"log": _("Call written down"), "assign": _("Assigned")}


class TicketListView(CapabilityMixin, ListView):
    """Calls by when they are due, those still open first; above them how many of each kind."""

    model = HotlineTicket
    area = Area.MATCHMAKING
    capability = Capability.EDIT
    table_class = TicketTable
    filterset_class = TicketFilter
    template_name = "matchmaking/ticket_list.html"
    title = _("Hotline")
    create_url_name = "matchmaking:ticket-create"
    create_label = _("Log a call")
    empty_title = _("No calls yet")
    empty_text = _("Log a call: it gets a number and a day by which it is answered.")
    export_columns = (
        (_("Number"), "pk"),
        (_("Kind of matter"), "get_kind_display"),
        (_("Subject"), "subject"),
        (_("State"), "get_state_display"),
        (_("Called at"), "created_at"),
        (_("Due"), "due_on"),
        (_("Answered at"), "answered_at"),
        (_("In the hands of"), "organization__name"),
    )

    def get_queryset(self):
        return super().get_queryset().open_first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(figures=selectors.ticket_figures(self.object_list), **kwargs)


class TicketCreateView(CreateView):
    model = HotlineTicket
    area = Area.MATCHMAKING
    form_class = forms.TicketForm
    title = _("Log a call")
    submit_label = _("Log the call")
    success_message = _("The call is written down, and those who answer it know when it is due.")

    def perform(self, form):
        data = dict(form.cleaned_data)
        return services.ticket_log(actor=self.request.user, caller_unit=data.pop("caller_unit_name"), **data)

    def next_url(self, result):
        seen = HotlineTicket.objects.visible_to(self.request.user).filter(pk=result.pk).exists()
        return result.get_absolute_url() if seen else reverse("matchmaking:ticket-list")


def facts_of(ticket, reader):
    """Return a ticket's facts; name and number of the caller shortened but for who answers."""
    clear = rules.can_read_caller(reader, ticket)
    caller = ticket.caller if clear else mask_name(ticket.caller)
    phone = ticket.caller_phone if clear else mask_phone(ticket.caller_phone)
    return [
        {"label": _("Kind of matter"), "value": ticket.get_kind_display()},
        {"label": _("In the hands of"), "value": ticket.organization.name},
        {"label": _("Who answers it"), "value": ticket.handler.name if ticket.handler else _("nobody yet")},
        {"label": _("Called at"), "value": ticket.created_at},
        {"label": _("Caller"), "value": caller or _("not named")},
        {"label": _("Number to call back"), "value": phone or _("none")},
    ]


class TicketDetailView(DetailView):
    model = HotlineTicket
    template_name = "matchmaking/ticket_detail.html"

    def get_title(self):
        return _("Call no. %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        ticket, actor = self.object, self.request.user
        steps = self.steps(ticket, actor)
        return super().get_context_data(
            primary=steps[0],
            menu=steps[1:],
            is_open=ticket.state in OPEN_TICKETS,
            facts=facts_of(ticket, actor),
            entries=history(ticket, WORDS),
            clear=rules.can_read_caller(actor, ticket),
            source=_("Working days by the calendar"),
            **kwargs,
        )

    @staticmethod
    def steps(ticket, actor):
        """Return what may be done now, the next thing first; printing is always there."""
        wanted = []
        if rules.can_work_on_ticket(actor, ticket):
            if ticket.handler_id != actor.pk:
                wanted.append(("take", _("I answer it"), "headset"))
            wanted += [
                ("answer", _("Write the answer"), "message-circle"),
                ("assign", _("Give it to somebody"), "user-share"),
                ("transfer", _("Pass it on"), "arrow-forward-up"),
            ]
        if rules.can_close_ticket(actor, ticket):
            wanted.append(("close", _("Close"), "circle-check"))
        if rules.can_reopen_ticket(actor, ticket):
            wanted.append(("reopen", _("Open again"), "reload"))
        wanted.append(("print", _("Print"), "printer"))
        return [
            {"url": reverse(f"matchmaking:ticket-{name}", args=[ticket.pk]), "label": label, "icon": icon}
            for name, label, icon in wanted
        ]


class TicketPrintView(DetailView):
    """One sheet to print; the caller shortened but for who answers."""

    model = HotlineTicket
    template_name = "matchmaking/ticket_print.html"

    def get_title(self):
        return _("Call no. %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        return super().get_context_data(facts=facts_of(self.object, self.request.user), **kwargs)


class TicketActionView(ActionView):
    model = HotlineTicket
    rule = rules.can_work_on_ticket


class TicketTakeView(TicketActionView):
    title = _("I answer it")
    action_label = _("I answer it")
    consequence = _("You then read the caller's name and number, where they were given.")
    success_message = _("The call is yours.")

    def perform(self, form):
        services.ticket_assign(ticket=self.object, actor=self.request.user, handler=self.request.user)


class TicketAssignView(TicketActionView):
    form_class = forms.TicketAssignForm
    title = _("Give it to somebody")
    action_label = _("Give it to her")
    consequence = _("She is told, and reads the caller's name and number.")
    success_message = _("The call is given on.")

    row_name = "ticket"
    service = services.ticket_assign


class TicketTransferView(TicketActionView):
    form_class = forms.TicketTransferForm
    title = _("Pass it on")
    action_label = _("Pass it on")
    consequence = _("Those who answer calls there are told. The day it is due stays. Never the caller's own unit.")
    success_message = _("The call is passed on.")

    row_name = "ticket"
    service = services.ticket_transfer

    def next_url(self, result):
        return reverse("matchmaking:ticket-list")


class TicketAnswerView(RowFormView):
    model = HotlineTicket
    rule = rules.can_work_on_ticket
    form_class = forms.TicketAnswerForm
    title = _("Write the answer")
    submit_label = _("Keep the answer")
    success_message = _("The answer is kept.")

    row_name = "ticket"
    service = services.ticket_answer


class TicketCloseView(TicketActionView):
    rule = rules.can_close_ticket
    title = _("Close the call")
    action_label = _("Close the call")
    consequence = promises.TICKET_CLOSE.words
    success_message = _("The call is closed.")

    row_name = "ticket"
    service = services.ticket_close


class TicketReopenView(TicketActionView):
    rule = rules.can_reopen_ticket
    form_class = forms.ReasonForm
    title = _("Open the call again")
    action_label = _("Open the call again")
    consequence = _("It gets a new day by which it is answered.")
    success_message = _("The call is open again.")

    row_name = "ticket"
    service = services.ticket_reopen
