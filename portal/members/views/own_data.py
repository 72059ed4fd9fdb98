"""Her own data: who sees what of her, the download, requests to correct and delete; and the desk that answers."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.exchange import storage
from portal.exchange.workbooks import XLSX
from portal.members import disclosure
from portal.members.choices import DataRequestKind
from portal.members.filters import DataRequestFilter
from portal.members.forms.people import DataRequestForm, DataRequestSettleForm
from portal.members.models import Child, DataRequest
from portal.members.own_data import look_rows
from portal.members.services.data_requests import (
    SOURCE,
    data_request_open,
    data_request_settle,
    data_request_withdraw,
    due_on,
    own_data_note,
)
from portal.members.services.erasing import member_erase_consequences
from portal.members.tables import DataRequestTable
from portal.members.views.sign_in import FreshRequiredMixin
from portal.organizations.selectors import working_calendar
from portal.web.templatetags.portal_ui import badge, due
from portal.web.views import ActionView, CapabilityMixin, DetailView, FormPageView, ListView, ScopedMixin, ShellMixin

LOOKS_SHOWN = 50
FORMS = {"xlsx": (disclosure.as_workbook, XLSX), "json": (disclosure.as_json, "application/json")}


class MemberReadersView(ShellMixin, generic.TemplateView):
    """Who sees what of her today, and who looked at masked fields."""

    cost = "own"
    shell = None
    template_name = "members/member_readers.html"
    title = _("Who sees what of me")

    def get_context_data(self, **kwargs):
        me = self.request.user
        return super().get_context_data(
            disclosures=disclosure.disclosures(me),
            assignments=disclosure.assignments(me),
            looks=look_rows(me)[:LOOKS_SHOWN],
            children=Child.objects.visible_to(me).count(),
            **kwargs,
        )


class MemberDownloadView(FreshRequiredMixin, ShellMixin, generic.TemplateView):
    """What the file holds; the file itself is the answer to a POST, stored nowhere."""

    shell = None
    template_name = "members/member_download.html"
    title = _("My data as a file")

    def get_context_data(self, **kwargs):
        return super().get_context_data(sources=disclosure.sources(), **kwargs)

    def post(self, request):
        form = request.POST.get("form", "")
        if form not in FORMS:
            return redirect("members:member-download")
        own_data_note(member=request.user, form=form)
        make, kind = FORMS[form]
        response = HttpResponse(make(request.user), content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate():%Y%m%d}.{form}"'
        return storage.guard(response)


class DataRequestCreateView(FormPageView):
    """Asks for a correction or for the deletion."""

    shell = None
    form_class = DataRequestForm
    submit_label = _("Send the request")
    success_message = _("Your request is sent. You find it under “Me”, with the day it is due.")

    def dispatch(self, request, *args, **kwargs):
        if kwargs["kind"] not in DataRequestKind.values:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self):
        return DataRequestKind(self.kwargs["kind"]).label

    def get_context_data(self, **kwargs):
        if self.kwargs["kind"] == DataRequestKind.DELETE:
            words = _(
                "What the law obliges the union to keep stays; the answer says what and why. Answered by %(day)s."
            )
        else:
            words = _("Say what is wrong and what is right. Your unit's women's committee answers by %(day)s.")
        words = words % {"day": due_on(timezone.localdate()).isoformat()}
        return super().get_context_data(subtitle=words, back_url=reverse("members:me"), **kwargs)

    def perform(self, form):
        return data_request_open(member=self.request.user, kind=self.kwargs["kind"], words=form.cleaned_data["words"])


class DataRequestListView(CapabilityMixin, ListView):
    """Requests of the people whose entries she may edit, the most urgent first."""

    model = DataRequest
    area = Area.MEMBERS
    capability = Capability.EDIT
    table_class = DataRequestTable
    filterset_class = DataRequestFilter
    title = _("Requests about own data")
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
    """Return until when a request is to be answered."""
    return (calendar or working_calendar()).term(row.due_on, timezone.localdate(), SOURCE)


class DataRequestDetailView(DetailView):
    """One request: for her who asked, and for those who answer."""

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
            {"label": _("Asked at"), "value": row.created_at},
            {"label": _("Due on"), "value": due(term_of(row)) if is_open else row.due_on},
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
    """The answer."""

    model = DataRequest
    form_class = DataRequestSettleForm
    title = _("Answer the request")
    action_label = _("Send the answer")
    success_message = _("The answer is sent.")

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
                "With the outcome “Done” she is erased at once and for good, as listed here; she gets a last text"
                " message. Rows that figures are counted from stay without her."
            )
        return _("She is told and reads your answer. Correct first what is to be corrected.")

    def get_context_data(self, **kwargs):
        found = member_erase_consequences(self.object.member) if self.deletes else []
        return super().get_context_data(
            items=[words if count is None else f"{words}: {count}" for words, count in found], **kwargs
        )


class DataRequestWithdrawView(ScopedMixin, generic.detail.SingleObjectMixin, View):
    """Takes her own request back."""

    model = DataRequest
    shell = None
    http_method_names = ["post"]

    @staticmethod
    def rule(actor, row):
        return row.member_id == actor.pk

    def post(self, request, pk):
        data_request_withdraw(row=self.get_object(), actor=request.user)
        messages.success(request, _("The request is taken back."))
        return redirect("members:me")
