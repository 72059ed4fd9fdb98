"""The plates of rooms: certificates whose QR code leads to the page at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.papers.models import Certificate
from portal.papers.selectors import certificates_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from nursing_rooms.models import NursingRoom

PLATE = "nursing_rooms.plate"


def plate_of(room: NursingRoom) -> Certificate | None:
    """Return the plate of a room that is not withdrawn, or None."""
    return certificates_of(room).not_withdrawn().filter(kind=PLATE).first()


def have_plates(pks: Collection[int]) -> bool:
    """Return whether one of the rooms ever had a plate."""
    return Certificate.objects.filter(kind=PLATE, about_id__in=pks).exists()
