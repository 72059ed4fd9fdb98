"""The plates of nursing rooms: the QR code leads to the page at the door."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import STANDING
from nursing_rooms.models import NursingRoom
from nursing_rooms.selectors.plates import PLATE, plate_of
from portal.papers.kinds import CertificateKind


def door_url(room, request):
    """Return the address of the page at the door, by the code of the valid plate; "" for a room that is not there."""
    plate = plate_of(room) if room.state in STANDING else None
    return reverse("nursing_rooms:door-show", args=[plate.code]) if plate is not None else ""


CERTIFICATES = [
    CertificateKind(
        code=PLATE,
        name=_("Plate of a nursing room"),
        word="妈咪屋",
        model=NursingRoom,
        title=lambda room: room.name,
        visible_to=NursingRoom.objects.visible_to,
        landing=door_url,
        landing_label=_("To the nursing room"),
        direct=True,
    )
]
