"""Erasure of a person's data in nursing rooms: the rooms looked after, and inspections not begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from nursing_rooms.models import RoomInspection, RoomManager
from portal.inspections.choices import InspectionState
from portal.inspections.services.inspections import inspector_erase

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member


def consequences(member: Member) -> list[tuple[StrOrPromise, int]]:
    """Return the effects of a deletion as pairs of label and number."""
    rows = RoomManager.objects.filter(member=member)
    planned = RoomInspection.objects.of_inspector(member).filter(state=InspectionState.PLANNED)
    return [
        (_("entries that the person looks after a nursing room are deleted"), rows.count()),
        (_("planned inspections lose an inspector"), planned.count()),
    ]


def erase(*, member: Member, actor: Member) -> None:
    """Delete the rows that name the person; the rooms remain."""
    RoomManager.objects.filter(member=member).delete()
    inspector_erase(model=RoomInspection, member=member)
