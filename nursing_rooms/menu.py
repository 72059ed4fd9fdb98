"""Nursing rooms in the menus."""

from django.utils.translation import gettext_lazy as _

from nursing_rooms.models import NursingRoom
from portal.core.choices import Area
from portal.web.menu import Entry

SECTION = _("Nursing rooms")


def _manages(actor):
    return NursingRoom.objects.managed_by(actor).exists()


ENTRIES = [
    Entry("desk", _("Register of rooms"), "nursing_rooms:room-list", "door", 50, SECTION, Area.NURSING_ROOMS),
    Entry(
        "desk",
        _("Reports from the door"),
        "nursing_rooms:report-list",
        "message-report",
        51,
        SECTION,
        Area.NURSING_ROOMS,
    ),
    Entry(
        "desk",
        _("Inspections"),
        "nursing_rooms:inspection-list",
        "clipboard-list",
        52,
        SECTION,
        Area.NURSING_ROOMS,
    ),
    Entry("member", _("My nursing rooms"), "nursing_rooms:room-mine", "door", order=45, shown=_manages, spare=True),
    Entry("member", _("Nursing rooms"), "nursing_rooms:finder-list", "map-pin", order=42, spare=True),
]


def landing_blocks(request):
    """Return the link to the finder, which visitors may use."""
    return [("nursing_rooms/_finder_home.html", {})]


member_blocks = provisional_blocks = landing_blocks
