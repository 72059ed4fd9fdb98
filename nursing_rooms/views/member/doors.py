"""The page at the door of a room: how to use it, one press to be counted, one press to report.

It is open without sign-in. A GET changes nothing; what is pressed is stored without anything about the visitor.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import generic

from nursing_rooms.choices.reports import Trouble
from nursing_rooms.choices.rooms import STANDING, RoomState
from nursing_rooms.forms.reports import ReportTapForm
from nursing_rooms.models import NursingRoom, RoomReport
from nursing_rooms.services.reports import report_tap
from nursing_rooms.services.visits import visit_count, visit_token
from portal.core import limits
from portal.core.errors import DomainError
from portal.core.limits import Limit, network_of
from portal.locations.hours import hours_text
from portal.locations.opening import open_at
from portal.organizations.selectors import working_calendar
from portal.papers.selectors import certificate_by_code, subject_of
from portal.web.address import client_address
from portal.web.views import ShellMixin

ICONS = {
    Trouble.LOCKED: "lock",
    Trouble.OCCUPIED: "users",
    Trouble.DIRTY: "trash",
    Trouble.BROKEN: "tool",
    Trouble.MISUSED: "ban",
    Trouble.DISTURBED: "eye-off",
    Trouble.UNSAFE: "alert-triangle",
    Trouble.STAFF: "user",
}
REPORTED = _("Thank you. The report has reached the people who must act.")
COUNTED = _("Thank you, your visit is counted. Nothing about you is stored.")
COUNTED_BEFORE = _("This visit was counted already.")
NEIGHBOURS = 5


@method_decorator(login_not_required, name="dispatch")
class DoorMixin(ShellMixin):
    """Finds the room by the code of its plate; a plate that is not valid leads to its check page."""

    shell = "plain"

    def dispatch(self, request, *args, **kwargs):
        plate = certificate_by_code(kwargs["code"])
        room = subject_of(plate) if plate is not None and plate.kind == "nursing_rooms.plate" else None
        if room is None:
            return redirect("papers:certificate-check", code=kwargs["code"])
        if plate.standing != "valid" or room.state not in STANDING:
            return redirect("papers:certificate-check", code=plate.code)
        self.plate, self.room = plate, room
        return super().dispatch(request, *args, **kwargs)

    def back(self):
        return redirect("nursing_rooms:door-show", code=self.plate.code)


class DoorView(DoorMixin, generic.TemplateView):
    """The page that the plate opens."""

    template_name = "nursing_rooms/door_show.html"

    def get_title(self):
        return self.room.name

    def get_context_data(self, **kwargs):
        room = self.room
        opening = open_at(room.hours, room.closures, timezone.now(), working_calendar())
        beside = NursingRoom.objects.published().filter(region=room.region, host=room.host).exclude(pk=room.pk)
        return super().get_context_data(
            room=room,
            code=self.plate.code,
            token=visit_token(room),
            opening=opening,
            shut=room.state == RoomState.CLOSED,
            hours=hours_text(room.hours) if room.hours else "",
            troubles=[(kind, kind.label, ICONS[kind]) for kind in Trouble],
            known=list(
                RoomReport.objects.filter(room=room, bypasses=False).open().order_by("trouble").values_list("trouble")
            ),
            beside=list(beside.order_by("floor", "name")[:NEIGHBOURS]),
            wait=settings.ROOM_VISIT_MINUTES,
            **kwargs,
        )


class DoorVisitView(DoorMixin, generic.View):
    """Counts one visit with the token of the opened page."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            counted = visit_count(room=self.room, token=request.POST.get("token", "")[:200])
        except DomainError as error:
            messages.warning(request, error.message)
        else:
            messages.success(request, COUNTED if counted else COUNTED_BEFORE)
        return self.back()


class DoorReportView(DoorMixin, generic.View):
    """Takes one press about what is wrong."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        form = ReportTapForm(request.POST)
        if not form.is_valid():
            raise Http404
        source = network_of(client_address(request))
        limits.take(
            Limit("nursing_rooms.report", f"{self.room.pk} {source}", settings.ROOM_REPORTS_PER_HOUR, 3600),
            message=_("Many reports came from here. The people who must act know already."),
        )
        report_tap(room=self.room, trouble=form.cleaned_data["trouble"], note=form.cleaned_data["note"])
        messages.success(request, REPORTED)
        return self.back()
