"""Desk views of requests to correct or delete one's own data, for those who answer them."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.deadlines.selectors import counted
from portal.members.choices import DataRequestKind
from portal.members.clocks import SOURCE
from portal.members.filters import DataRequestFilter
from portal.members.forms.data_requests import DataRequestSettleForm
from portal.members.models import DataRequest
from portal.members.services.data_requests import CLOCK, data_request_settle
from portal.members.services.erasing import member_erase_consequences
from portal.members.tables import DataRequestTable
from portal.organizations.selectors import working_calendar
from portal.web.templatetags.portal_ui import badge, due
from portal.web.views import ActionView, CapabilityMixin, DetailView, ListView


class DataRequestListView(CapabilityMixin, ListView):
    """Requests of the members whose entries the actor may edit, the most urgent first."""

    model = DataRequest
    area = Area.MEMBERS
    capability = Capability.EDIT
    table_class = DataRequestTable
    filterset_class = DataRequestFilter
    title = _("Requests about personal data")
    empty_title = _("No requests here")
    empty_text = _("Members ask under “Me” for a correction or the deletion of their data.")

    def get_queryset(self):
        return super().get_queryset().reached_by(self.request.user, Capability.EDIT)

    def can_create(self):
        return False

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["table"].calendar = working_calendar()
        return context


def term_of(row, calendar=None):
    """Return the term by which a request must be answered."""
    return (calendar or working_calendar()).term(row.due_on, timezone.localdate(), SOURCE)


class DataRequestDetailView(DetailView):
    """One request, for the member who asked and for those who answer."""

    model = DataRequest
    shell = None
    template_name = "members/data_request_detail.html"

    def get_title(self):
        return self.object.get_kind_display()

    def get_context_data(self, **kwargs):
        row, me = self.object, self.request.user
        own = row.member_id == me.pk
        is_open = row.is_open
        facts = [
            {"label": _("Requested at"), "value": row.created_at},
            {"label": _("Due on"), "value": due(term_of(row)) if is_open else row.due_on},
            {"label": _("How the due date was counted"), "value": counted(row, CLOCK)},
            {"label": _("Answered at"), "value": row.settled_at},
            {"label": _("Answered by"), "value": row.settled_by.name if row.settled_by else ""},
        ]
        if not own:
            facts.insert(0, {"label": _("Member"), "value": row.member.name, "url": row.member.get_absolute_url()})
        return super().get_context_data(
            facts=[fact for fact in facts if fact["value"]],
            badge=badge(row.state, row.get_state_display(), tone="wait" if is_open else None),
            own=own,
            is_open=is_open,
            back=reverse("members:me" if own else "members:request-list"),
            entries=history(row),
            **kwargs,
        )


class DataRequestSettleView(ActionView):
    """The page on which staff answer a request."""

    model = DataRequest
    form_class = DataRequestSettleForm
    title = _("Answer the request")
    action_label = _("Send the answer")
    success_message = _("The answer has been sent.")

    row_name = "row"
    service = data_request_settle

    @property
    def deletes(self):
        return self.object.kind == DataRequestKind.DELETE

    @property
    def danger(self):
        return self.deletes

    def get_consequence(self):
        if self.deletes:
            return _(
                "If you choose “Done”, the person's data listed here is erased at once and for good, "
                "and they get a last text message. Rows that figures are counted from are kept "
                "without any data that identifies the person."
            )
        return _("The person is notified and reads your answer. Make all necessary corrections first.")

    def get_context_data(self, **kwargs):
        found = member_erase_consequences(self.object.member) if self.deletes else []
        return super().get_context_data(
            items=[words if count is None else f"{words}: {count}" for words, count in found], **kwargs
        )
