"""Desk pages of reports from the door."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nursing_rooms.actions.reports import REPORT
from nursing_rooms.choices.reports import ReportState
from nursing_rooms.filters.reports import ReportFilter
from nursing_rooms.models import RoomReport
from nursing_rooms.services.reports import clock_of
from nursing_rooms.tables.reports import ReportTable
from portal.audit.records import RecordView
from portal.core.choices import Area, Capability
from portal.deadlines.selectors import counted
from portal.web.views import CapabilityMixin, ListView


class ReportListView(CapabilityMixin, ListView):
    """Reports at the reader's organisations, the open ones by due day."""

    model = RoomReport
    area = Area.NURSING_ROOMS
    capability = Capability.VIEW
    table_class = ReportTable
    filterset_class = ReportFilter
    title = _("Reports from the door")
    empty_title = _("No reports here")
    empty_text = _("Visitors report at the door of a room what is wrong.")

    def get_queryset(self):
        return super().get_queryset().order_by("state", "due_on", "pk")

    def can_create(self):
        return False


class ReportDetailView(RecordView):
    """One report with its deadline; for staff, and on a phone for the manager of the room."""

    model = RoomReport
    actions = REPORT
    shell = None
    template_name = "nursing_rooms/report_detail.html"
    facts = ("trouble", "room", "organization", "first_on", "last_on", "taps", "note", "answer", "settled_at")

    def get_title(self):
        return f"{self.object.get_trouble_display()} · {self.object.room.name}"

    def get_context_data(self, **kwargs):
        staff = self.request.user.can(Area.NURSING_ROOMS, Capability.VIEW, self.object.organization.path)
        own = {"back_url": reverse(f"nursing_rooms:{'report-list' if staff else 'room-mine'}")}
        own |= {} if staff else {"entries": []}
        return super().get_context_data(
            is_open=self.object.state == ReportState.OPEN,
            source=counted(self.object, clock_of(self.object)),
            **{**own, **kwargs},
        )
