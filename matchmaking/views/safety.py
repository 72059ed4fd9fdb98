"""Reporting somebody: from a card, the block list, an introduction, a pair or an event; and what came of it."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking.forms.singles import ReportForm
from matchmaking.models import AbuseReport
from matchmaking.selectors.safety import at_event, report_target, reportable
from matchmaking.services.safety import block_set, report_make
from matchmaking.views.singles import OfSingleMixin
from portal.core.errors import DomainError
from portal.web.views import PerformMixin


class SingleReportView(OfSingleMixin, generic.TemplateView):
    """Whom she wants to report: those she blocked first."""

    template_name = "matchmaking/single_report.html"
    title = _("Report someone")

    def get_context_data(self, **kwargs):
        return super().get_context_data(targets=reportable(self.request.user), **kwargs)


class SingleReportAboutView(PerformMixin, OfSingleMixin, generic.FormView):
    """The form of a report; 404 for whom she does not know."""

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
            raise DomainError(_("Nobody at this event has that card number."), code="number")
        label = f"{self.target.label} {data.get('number', '')}".strip()
        report_make(reporter=me, about=about, kind=data["kind"], words=data["words"], event=self.target.event)
        if data.get("block"):
            block_set(actor=me, blocked=about, label=label)

    def next_url(self, result):
        return reverse("matchmaking:single-reports")


class SingleReportsView(OfSingleMixin, generic.TemplateView):
    """What she reported, who looks at it until when, and the answers."""

    template_name = "matchmaking/single_reports.html"
    title = _("What I reported")

    def get(self, request, *args, **kwargs):
        self.rows = list(AbuseReport.objects.own(request.user).select_related("organization").order_by("-pk")[:50])
        if not self.rows:
            return redirect("matchmaking:single-report")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(reports=self.rows, **kwargs)
