"""Member pages of blocks and reports."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import promises
from matchmaking.forms.safety import ReportForm
from matchmaking.models import AbuseReport, Block
from matchmaking.selectors.safety import at_event, report_target, reportable
from matchmaking.services.safety import block_lift, block_set, report_make
from matchmaking.views.member.singles import CardActionView, OfSingleMixin
from portal.core.errors import DomainError
from portal.web.own import OwnActionView
from portal.web.views import PerformMixin


class SingleReportView(OfSingleMixin, generic.TemplateView):
    """The people whom the member may report, blocked ones first."""

    template_name = "matchmaking/single_report.html"
    title = _("Report someone")

    def get_context_data(self, **kwargs):
        return super().get_context_data(targets=reportable(self.request.user), **kwargs)


class SingleReportAboutView(PerformMixin, OfSingleMixin, generic.FormView):
    """The form of a report; 404 for a person whom the member does not know."""

    template_name = "matchmaking/single_report_about.html"
    form_class = ReportForm
    title = _("Report someone")

    def prepare(self, request):
        self.target = report_target(request.user, self.kwargs["kind"], self.kwargs["pk"])
        if self.target is None:
            raise Http404

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "about": self.target}

    def get_context_data(self, **kwargs):
        return super().get_context_data(target=self.target, back_url=reverse("matchmaking:single-report"), **kwargs)

    def perform(self, form):
        data, me = form.cleaned_data, self.request.user
        about = self.target.about
        if about is None:
            about = at_event(self.target.event, data["number"], me)
        if about is None:
            raise DomainError(_("No card at this event has that number."), code="number")
        label = f"{self.target.label} {data.get('number', '')}".strip()
        report_make(reporter=me, about=about, kind=data["kind"], words=data["words"], event=self.target.event)
        if data.get("block"):
            block_set(actor=me, blocked=about, label=label)

    def next_url(self, result):
        return reverse("matchmaking:single-reports")


class SingleReportsView(OfSingleMixin, generic.TemplateView):
    """The member's reports: who handles each until when, and the answers."""

    template_name = "matchmaking/single_reports.html"
    title = _("What I reported")

    def get(self, request, *args, **kwargs):
        self.rows = list(AbuseReport.objects.own(request.user).select_related("organization").order_by("-pk")[:50])
        if not self.rows:
            return redirect("matchmaking:single-report")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(reports=self.rows, **kwargs)


class SingleBlockView(CardActionView):
    title = _("Block this person")
    action_label = _("Block")
    consequence = promises.BLOCK.words
    danger = True
    success_message = _("Blocked. You can see the block in your block list, where you can also report the person.")

    def perform(self, form):
        block_set(
            actor=self.request.user,
            blocked=self.object.member,
            label=_("%(name)s (No. %(number)s)") % {"name": self.object.nickname, "number": self.object.pk},
        )

    def next_url(self, result):
        return reverse("matchmaking:single-blocks")


class SingleBlocksView(OfSingleMixin, generic.TemplateView):
    """The people whom the member blocked, each with a link to report."""

    template_name = "matchmaking/single_blocks.html"
    title = _("People I blocked")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            blocks=Block.objects.visible_to(self.request.user).order_by("-pk")[:200], **kwargs
        )


class BlockLiftView(OwnActionView):
    """Remove a block."""

    model = Block
    row_name = "block"
    service = block_lift
    title = _("Remove the block")
    consequence = _("The two of you can find each other again if you meet each other's requirements.")
    success_url = reverse_lazy("matchmaking:single-blocks")
    success_message = _("The block was removed.")

    def own_rows(self):
        return Block.objects.visible_to(self.request.user)
