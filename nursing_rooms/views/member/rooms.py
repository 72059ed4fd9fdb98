"""The rooms that a member looks after, on the phone."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.models import NursingRoom, RoomFinding, RoomReport
from portal.inspections.choices import FindingState, InspectionState
from portal.web.views import ShellMixin


class MyRoomsView(ShellMixin, generic.ListView):
    """The rooms that the reader looks after, each with its open reports and the findings to be rectified."""

    shell = None
    title = _("My nursing rooms")
    template_name = "nursing_rooms/room_mine.html"

    def get_queryset(self):
        return NursingRoom.objects.managed_by(self.request.user).standing().for_list()

    def get_context_data(self, **kwargs):
        rooms, today = list(self.object_list), timezone.localdate()
        reports = RoomReport.objects.visible_to(self.request.user).open().filter(room__in=rooms, bypasses=False)
        by_room = {}
        for report in reports.order_by("due_on", "pk"):
            by_room.setdefault(report.room_id, []).append(report)
        found = RoomFinding.objects.visible_to(self.request.user).not_inspected_by(self.request.user)
        to_rectify = found.filter(
            state=FindingState.TO_RECTIFY,
            inspection__state=InspectionState.FINISHED,
            inspection__room__in=rooms,
        )
        findings_by_room = {}
        for finding in to_rectify.select_related("inspection").order_by("due_on", "pk"):
            findings_by_room.setdefault(finding.inspection.room_id, []).append(finding)
        return super().get_context_data(
            rooms=[
                {
                    "row": room,
                    "reports": by_room.get(room.pk, []),
                    "findings": findings_by_room.get(room.pk, []),
                    # Nobody sees that it is open again until somebody says so.
                    "waits": room.state == RoomState.CLOSED and room.closed_until and room.closed_until < today,
                    "open": room.state == RoomState.OPEN,
                }
                for room in rooms
            ],
            **kwargs,
        )
