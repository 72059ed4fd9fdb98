"""The desk's queue of reports: taken on by one person above both units, and settled with an answer."""

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
    title = _("Reports of people")
    empty_title = _("No reports")
    empty_text = _("What people below report of each other comes here, never to the unit of either.")

    def can_create(self):
        return False


class ReportDetailView(RecordView):
    """One report; the words are shown to who has it in hand alone."""

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
            person(_("About"), report.about),
            {"label": _("In hand of"), "value": report.handler.name if report.handler else ""},
            {"label": _("Handled at"), "value": report.organization.name},
        ]
