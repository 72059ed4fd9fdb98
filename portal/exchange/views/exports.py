"""Pages of exports: request with a reason, wait, release, download."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic
from django.views.generic.detail import SingleObjectMixin

from portal.core.text import listed
from portal.exchange import rules
from portal.exchange.choices import ExportState
from portal.exchange.forms import DeclineForm, ExportForm
from portal.exchange.models import ExportRun
from portal.exchange.selectors import list_address, list_open, rows_counted
from portal.exchange.services.exports import (
    export_decline,
    export_download,
    export_is_long,
    export_release,
    export_request,
)
from portal.exchange.tables import ExportRunTable, export_badge
from portal.web.forms import ConfirmForm
from portal.web.views import ActionView, DetailView, FormPageView, ListView, ScopedMixin


class ExportRunListView(ListView):
    """The reader's own exports, and those that wait for the reader's decision."""

    model = ExportRun
    table_class = ExportRunTable
    title = _("Exports")
    narrowed = False
    empty_title = _("Nothing has been exported yet")
    empty_text = _("Open a list and press Export: the file appears here.")

    def can_create(self):
        return False


class ExportRunStartView(FormPageView):
    """The page before an export: what is exported, in which format, and why.

    ``?list=`` is the address of the list.
    """

    template_name = "exchange/export_run_start.html"
    form_class = ExportForm
    submit_label = _("Export the list")
    title = _("Export a list")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            address = request.GET.get("list", "")
            if not address:
                return generic.RedirectView.as_view(pattern_name="exchange:export-run-list")(request)
            self.address = list_address(address)
            self.here = request.session.get("here")
            self.opened = list_open(actor=request.user, address=self.address, here=self.here)
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form):
        data = form.cleaned_data
        return export_request(
            actor=self.request.user,
            address=self.address,
            here=self.here,
            file_format=data["format"],
            reason=data["reason"],
        )

    def get_context_data(self, **kwargs):
        count = rows_counted(self.opened.rows)
        facts = [
            {"label": _("List"), "value": self.opened.title},
            {"label": _("Rows"), "value": str(count)},
            {"label": _("Columns"), "value": listed(label for label, _way in self.opened.columns)},
        ]
        return super().get_context_data(
            facts=facts, second_person=export_is_long(count), back_url=self.address, **kwargs
        )


class OfExportMixin:
    model = ExportRun

    def get_queryset(self):
        return ExportRun.objects.visible_to(self.request.user).for_list()


class ExportRunDetailView(OfExportMixin, DetailView):
    """The state of an export and the actions that are possible."""

    template_name = "exchange/export_run_detail.html"

    def get_title(self):
        return self.object.title

    def get_context_data(self, **kwargs):
        run, actor = self.object, self.request.user
        facts = [
            {"label": _("Requested by"), "value": run.requested_by.name},
            {"label": _("Organisation"), "value": run.organization.name},
            {"label": _("Reason"), "value": run.reason},
            {"label": _("Rows"), "value": str(run.rows)},
            {"label": _("Format"), "value": run.get_format_display()},
        ]
        if run.released_by:
            facts.append({"label": _("Approved by"), "value": run.released_by.name})
        waiting = run.state == ExportState.WAITING
        return super().get_context_data(
            run=run,
            badge=export_badge(run),
            facts=facts,
            working=run.state == ExportState.QUEUED and not rules.is_stuck_export(run),
            stuck=rules.is_stuck_export(run),
            waiting=waiting,
            may_judge=waiting and rules.can_judge_export(actor, run),
            may_fetch=rules.is_ready(run, timezone.now()) and rules.can_fetch_export(actor, run),
            **kwargs,
        )


class ExportRunPartView(OfExportMixin, DetailView):
    """The fragment that polls the progress of the job; when the job is over, the whole page reloads."""

    def render_to_response(self, context, **kwargs):
        run = self.object
        address = reverse("exchange:export-run-part", args=[run.pk])
        response = render(self.request, "components/job.html", {"job": run.job, "url": address, "title": run.title})
        if run.state != ExportState.QUEUED or rules.is_stuck_export(run):
            response["HX-Refresh"] = "true"
        return response


class ExportActionView(OfExportMixin, ActionView):
    rule = rules.can_judge_export


class ExportRunReleaseView(ExportActionView):
    form_class = ConfirmForm
    title = _("Approve this export")
    action_label = _("Approve the export")
    success_message = _("Approved. The file is being created for the requester.")

    row_name = "run"
    service = export_release

    def get_consequence(self):
        return _("%(count)s rows of “%(title)s” will leave the portal as a file. Reason: %(reason)s") % {
            "count": self.object.rows,
            "title": self.object.title,
            "reason": self.object.reason,
        }


class ExportRunDeclineView(ExportActionView):
    form_class = DeclineForm
    title = _("Decline this export")
    action_label = _("Decline with this reason")
    consequence = _("No file is created. The requester will see the reason.")
    success_message = _("Declined.")

    row_name = "run"
    service = export_decline


class ExportRunDownloadView(OfExportMixin, ScopedMixin, SingleObjectMixin, generic.View):
    """Sends the file to the person who requested it; a POST, because every download is audited.

    Answers 404 when the right to its rows has ended, and 403 to a person who may only release it.
    """

    http_method_names = ["post"]
    rule = rules.has_asked

    def post(self, request, *args, **kwargs):
        return export_download(run=self.get_object(), actor=request.user)
