"""The page at the door of a room: how to use it, one press to be counted, one press to report.

It is open without sign-in. A GET changes nothing; what is pressed is stored without anything about the visitor, and no
session is made: the next page reads from its address what was done.
"""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import generic

from nursing_rooms import rules
from nursing_rooms.choices.reports import Trouble
from nursing_rooms.choices.rooms import STANDING, RoomState
from nursing_rooms.forms.reports import FINE, ReportTapForm
from nursing_rooms.models import NursingRoom, RoomReport
from nursing_rooms.selectors.plates import PLATE
from nursing_rooms.services.reports import report_tap
from nursing_rooms.services.visits import fine_count, visit_count, visit_token
from portal.core import limits
from portal.core.errors import DomainError
from portal.core.limits import Limit
from portal.locations.hours import hours_text
from portal.locations.opening import open_at
from portal.organizations.selectors import working_calendar
from portal.papers.choices import Standing
from portal.papers.selectors import certificate_by_code, subject_of
from portal.web.address import visitor_key
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
# What the page says after a press: word in the address -> (tone, sentence).
SAID = {
    "counted": ("success", _("Thank you, your visit is counted. Nothing about you is stored.")),
    "again": ("info", _("This visit was not counted again.")),
    "late": ("warning", _("This page was open for too long, or the room is closed. Please scan the code again.")),
    "reported": ("success", _("Thank you. The report has reached the people who must act.")),
    "fine": ("success", _("Thank you. It is good to know that all is in order.")),
}
BUSY = _("Many reports came from here. The people who must act know already.")
NEIGHBOURS = 5


def dialled(phone):
    """Return the number that a phone dials, without an extension; "" if there is none in the text."""
    found = re.search(r"\+?\d[\d -]{3,}\d", phone, re.ASCII)
    return re.sub("[ -]", "", found[0]) if found else ""


@method_decorator(login_not_required, name="dispatch")
class DoorMixin(ShellMixin):
    """Finds the room by the code of its plate; a plate that is not valid leads to its check page."""

    shell = "plain"

    def dispatch(self, request, *args, **kwargs):
        plate = certificate_by_code(kwargs["code"])
        room = subject_of(plate) if plate is not None and plate.kind == PLATE else None
        if room is None or plate.standing != Standing.VALID or room.state not in STANDING:
            return redirect("papers:certificate-check", code=plate.code if plate is not None else kwargs["code"])
        self.plate, self.room = plate, room
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    def back(self, said):
        return redirect(f"{reverse('nursing_rooms:door-show', args=[self.plate.code])}?said={said}")


class DoorView(DoorMixin, generic.TemplateView):
    """The page that the plate opens; that of a room of a unit names no address."""

    template_name = "nursing_rooms/door_show.html"

    def get_title(self):
        return self.room.name

    def get_context_data(self, **kwargs):
        room = self.room
        opening = open_at(room.hours, room.closures, timezone.now(), working_calendar())
        beside = NursingRoom.objects.published().filter(region=room.region, host=room.host).exclude(pk=room.pk)
        known = RoomReport.objects.filter(room=room, bypasses=False).open().order_by("trouble")
        said = self.request.GET.get("said", "")
        return super().get_context_data(
            room=room,
            plate=self.plate,
            token=visit_token(room),
            said=said if said in SAID else "",
            answer=SAID.get(said),
            opening=opening,
            shut=room.state == RoomState.CLOSED,
            hours=hours_text(room.hours) if room.hours else "",
            dialled=dialled(room.phone),
            troubles=[(kind, kind.label, ICONS[kind]) for kind in Trouble],
            fine=FINE,
            known=[report.get_trouble_display() for report in known],
            beside=list(beside.order_by("floor", "name")[:NEIGHBOURS]),
            wait=settings.ROOM_VISIT_MINUTES,
            runs=self.request.user.is_authenticated and rules.can_run_room(self.request.user, room),
            **kwargs,
        )


class DoorVisitView(DoorMixin, generic.View):
    """Counts one visit with the token of the opened page."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            counted = visit_count(room=self.room, token=request.POST.get("token", "")[:200])
        except DomainError:
            return self.back("late")
        return self.back("counted" if counted else "again")


class DoorReportView(DoorMixin, generic.View):
    """Takes one press about what is wrong, or that all is in order."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        form = ReportTapForm(request.POST)
        if not form.is_valid():
            raise Http404
        key = f"{self.room.pk} {visitor_key(request)}"
        limits.take(Limit("nursing_rooms.report", key, settings.ROOM_REPORTS_PER_HOUR, 3600), message=BUSY)
        trouble = form.cleaned_data["trouble"]
        if trouble == FINE:
            fine_count(room=self.room)
            return self.back("fine")
        report_tap(room=self.room, trouble=trouble, note=form.cleaned_data["note"])
        return self.back("reported")
