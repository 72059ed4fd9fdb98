"""Reads of nursing rooms that span models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability
from portal.members.selectors import holders

if TYPE_CHECKING:
    from nursing_rooms.models import NursingRoom, RoomReport
    from portal.members.models import Member


def managers_of(room: NursingRoom) -> list[Member]:
    """Return the members who look after a room today."""
    return [row.member for row in room.managers.current().select_related("member").order_by("pk")]


def people_for(report: RoomReport) -> list[Member]:
    """Return who must act on a report: the managers of the room, or the staff of the responsible organisation.

    The managers are left out of a report that bypasses them.
    """
    managers = managers_of(report.room)
    if not report.bypasses and managers:
        return managers
    away = {member.pk for member in managers} if report.bypasses else set()
    return holders(Area.NURSING_ROOMS, Capability.EDIT, report.organization, but=away)
