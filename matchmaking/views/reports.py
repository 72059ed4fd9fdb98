"""The desk's queue of reports: taken on by one person above both units, and settled with an answer."""

from django.utils.translation import gettext_lazy as _

from matchmaking import forms, rules, services
from matchmaking.choices import ReportState
from matchmaking.filters import ReportFilter
from matchmaking.models import AbuseReport, SingleProfile
from matchmaking.tables import ReportTable
from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.core.text import mask_name
from portal.members.models import Member
from portal.web.views import ActionView, CapabilityMixin, DetailView, ListView


class ReportListView(CapabilityMixin, ListView):
    model = AbuseReport
    area = Area.MATCHMAKING
    capability = Capability.APPROVE
    table_class = ReportTable
    filterset_class = ReportFilter
    title = _("Reports of people")
    empty_title = _("No reports")
    empty_text = _("What people below report of each other comes here, never to the unit of either.")

    def can_create(self):
        return False


class ReportDetailView(DetailView):
    """One report; the words are shown to who has it in hand alone."""

    model = AbuseReport
    template_name = "matchmaking/report_detail.html"

    def get_title(self):
        return _("Report %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        report, actor = self.object, self.request.user
        mine = report.handler_id == actor.pk
        held = SingleProfile.objects.filter(member=report.about, held=True).exists()
        return super().get_context_data(
            facts=self.facts(report, actor),
            mine=mine,
            takes=report.state in (ReportState.OPEN, ReportState.UNFOUNDED),
            settles=mine and report.state == ReportState.HANDLING,
            held=held and report.state == ReportState.SUBSTANTIATED,
            entries=history(report),
            **kwargs,
        )

    @staticmethod
    def facts(report, actor):
        people = {report.reporter_id, report.about_id}
        reached = set(Member.objects.visible_to(actor).filter(pk__in=people).values_list("pk", flat=True))

        def person(label, member):
            unit = member.organization.name if member.organization else ""
            url = member.get_absolute_url() if member.pk in reached else ""
            return {"label": label, "value": mask_name(member.name), "quiet": unit, "url": url}

        return [
            {"label": _("What happened"), "value": report.get_kind_display()},
            {"label": _("Event"), "value": report.event.title if report.event else ""},
            person(_("Reported by"), report.reporter),
            person(_("About"), report.about),
            {"label": _("In hand of"), "value": report.handler.name if report.handler else ""},
            {"label": _("Handled at"), "value": report.organization.name},
        ]


class ReportActionView(ActionView):
    model = AbuseReport
    rule = rules.can_handle_report


class ReportTakeView(ReportActionView):
    title = _("Take the report on")
    action_label = _("Take it on")
    consequence = _("From now on you read the words, and nobody else does. That you took it on is recorded.")
    success_message = _("It is yours. Answer it by the day it is due.")

    row_name = "report"
    service = services.report_take


class ReportReleaseView(ReportActionView):
    title = _("Put the report back")
    action_label = _("Put it back")
    consequence = _("It stands in the queue again for others.")
    success_message = _("It is back in the queue.")

    row_name = "report"
    service = services.report_release


class ReportSettleView(ReportActionView):
    form_class = forms.SettleForm
    title = _("Settle the report")
    action_label = _("Settle and answer")
    consequence = _("Who reported reads your answer. The other person is not told who it was.")
    success_message = _("Settled. Who reported is told.")

    row_name = "report"
    service = services.report_settle


class ReportUnholdView(ReportActionView):
    title = _("Let the profile go on")
    action_label = _("Let it go on")
    consequence = _("Its owner may let others find it again. She is told.")
    success_message = _("The profile may go on.")

    row_name = "report"
    service = services.profile_unhold
