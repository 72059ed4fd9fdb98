"""Desk pages of reports: one person above both units takes a report on and settles it."""

from django.utils.translation import gettext_lazy as _

from matchmaking.actions.safety import REPORT
from matchmaking.filters.safety import ReportFilter
from matchmaking.models import AbuseReport
from matchmaking.tables.safety import ReportTable
from portal.audit.records import RecordView
from portal.core.choices import Area, Capability
from portal.core.text import mask_name
from portal.members.models import Member
from portal.web.views import CapabilityMixin, ListView


class ReportListView(CapabilityMixin, ListView):
    model = AbuseReport
    area = Area.MATCHMAKING
    capability = Capability.APPROVE
    table_class = ReportTable
    filterset_class = ReportFilter
    title = _("Abuse reports")
    empty_title = _("No reports")
    empty_text = _(
        "Reports between members of the organisations below are handled here, never by the unit of either person."
    )

    def can_create(self):
        return False


class ReportDetailView(RecordView):
    """One report; only its handler is shown the text."""

    model = AbuseReport
    actions = REPORT
    template_name = "matchmaking/report_detail.html"

    def get_title(self):
        return _("Report %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        return super().get_context_data(mine=self.object.handler_id == self.request.user.pk, **kwargs)

    def facts_of(self, report):
        actor = self.request.user
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
            person(_("Reported person"), report.about),
            {"label": _("Handled by"), "value": report.handler.name if report.handler else ""},
            {"label": _("Handling organisation"), "value": report.organization.name},
        ]
