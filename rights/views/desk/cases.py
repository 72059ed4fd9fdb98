"""Desk pages of cases: the reader's own cases, and one case, whose every reading is recorded."""

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.audit.records import RecordView
from portal.core.choices import Area, Capability
from portal.deadlines.selectors import deadline_of, source_of
from portal.exchange.storage import file_response
from portal.receipts.services import messages_read
from portal.web.views import CapabilityMixin, ListView, ScopedMixin
from rights import rules
from rights.actions.cases import CASE
from rights.actions.steps import STEP
from rights.choices.cases import ACCEPTANCE, APPROVAL, LIMITATION, STEP_CLOCKS, WRITTEN, CaseState, StepKind
from rights.filters.cases import CaseFilter
from rights.models import CaseFile, RightsCase
from rights.retention import deleted_on
from rights.selectors.cases import people_of
from rights.services.cases import case_read
from rights.services.files import file_read
from rights.tables.cases import CaseTable


class CaseListView(CapabilityMixin, ListView):
    """The cases that are assigned to the reader; whoever has none learns nothing of others."""

    model = RightsCase
    area = Area.RIGHTS
    capability = Capability.VIEW
    table_class = CaseTable
    filterset_class = CaseFilter
    title = _("My cases")
    narrowed = False
    empty_title = _("No case is assigned to you")
    empty_text = _("Requests arrive with the union of the place of work. You see those that are assigned to you.")

    def get_queryset(self):
        return super().get_queryset().order_by("-submitted_at", "-pk")

    def can_create(self):
        return False


def legal_clock(row, code):
    """Return the deadline ``code`` of a row with its source, for the page; None if there is none."""
    deadline = deadline_of(row, code)
    return {"row": deadline, "source": source_of(deadline)} if deadline is not None else None


class CaseDetailView(RecordView):
    """A case with its request, steps, legal deadlines, files and messages.

    The page and the entry that it was read are one transaction.
    """

    model = RightsCase
    actions = CASE
    template_name = "rights/case_detail.html"
    facts = ("organization", "region", "category", "period", "submitted_at", "accepted_at", "closed_at")
    back_name = "rights:case-list"

    def get(self, request, *args, **kwargs):
        with transaction.atomic():
            response = super().get(request, *args, **kwargs)
            case_read(actor=request.user, case=self.object)
            if self.object.messages.unread(by_staff=True).exists():
                messages_read(row=self.object, by_staff=True)
            return response.render()

    def get_object(self, queryset=None):
        case = super().get_object(queryset)
        reader = self.request.user
        case.read_as = (reader.pk, case.roles_of(reader))
        return case

    def get_title(self):
        if self.object.number:
            return self.object.number
        return _("Request no. %(number)s") % {"number": self.object.pk}

    def steps_of(self, case):
        found = []
        for step in case.steps.select_related("author").order_by("on", "pk"):
            code = STEP_CLOCKS.get(StepKind(step.kind))
            found.append(
                {
                    "step": step,
                    "clock": legal_clock(step, code) if code else None,
                    "actions": STEP.offered(step, self.request.user),
                }
            )
        return found

    def get_context_data(self, **kwargs):
        case, actor = self.object, self.request.user
        clocks = [legal_clock(case, code) for code in (ACCEPTANCE, APPROVAL, LIMITATION, WRITTEN)]
        given, able = case.assignments.current().select_related("member"), people_of(case)
        gone = case.assignments.filter(stepped_out=True).select_related("member")
        return super().get_context_data(
            clocks=[clock for clock in clocks if clock],
            case_steps=self.steps_of(case),
            files=list(case.files.select_related("stored__cleaned", "author").order_by("pk")),
            thread=list(case.messages.in_order()),
            people=[row for row in given.order_by("pk") if row.member in able],
            left=list(gone) if rules.can_read_reasons(actor, case) else [],
            proposed=case.state == CaseState.CLOSING,
            deleted_on=deleted_on(case),
            **kwargs,
        )


class CaseFileView(ScopedMixin, generic.detail.SingleObjectMixin, generic.View):
    """A file of a case, opened through the check of the case, and recorded; of a picture, the copy without metadata."""

    model = CaseFile
    original = False
    rule = rules.can_open_file
    http_method_names = ["get"]

    def get(self, request, *args, **kwargs) -> HttpResponse:
        with transaction.atomic():
            file = self.get_object()
            file_read(actor=request.user, file=file)
            shown = file.stored if self.original else file.stored.preview or file.stored
            return file_response(shown, owner=file.case if shown.is_sealed else None)


class CaseFileOriginalView(CaseFileView):
    """The file as it was sent, byte for byte."""

    original = True
