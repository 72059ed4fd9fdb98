"""The plates of nursing rooms: the QR code leads to the page at the door."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nursing_rooms.models import NursingRoom
from portal.papers.kinds import CertificateKind
from portal.papers.selectors import certificates_of


def door_url(room, request):
    """Return the address of the page at the door, by the code of the valid plate."""
    plate = certificates_of(room).not_withdrawn().first()
    return reverse("nursing_rooms:door-show", args=[plate.code]) if plate is not None else ""


CERTIFICATES = [
    CertificateKind(
        code="nursing_rooms.plate",
        name=_("Plate of a nursing room"),
        word="妈咪屋",
        model=NursingRoom,
        title=lambda room: room.name,
        visible_to=NursingRoom.objects.visible_to,
        landing=door_url,
        landing_label=_("To the nursing room"),
    )
]
