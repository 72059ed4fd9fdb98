"""Reads of nursing rooms that span models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability
from portal.members.selectors import holders

if TYPE_CHECKING:
    from nursing_rooms.models import NursingRoom, RoomReport
    from portal.members.models import Member
    from portal.organizations.models import Organization


def managers_of(room: NursingRoom) -> list[Member]:
    """Return the members who look after a room today and whose accounts are active."""
    rows = room.managers.current().filter(member__is_active=True)
    return [row.member for row in rows.select_related("member").order_by("pk")]


def staff_for(report: RoomReport, organization: Organization) -> list[Member]:
    """Return the staff of nursing rooms at an organisation and above it, the nearest first.

    The managers of the room are not among them if the report bypasses them.
    """
    away = {member.pk for member in managers_of(report.room)} if report.bypasses else set()
    return holders(Area.NURSING_ROOMS, Capability.EDIT, organization, but=away)


def people_for(report: RoomReport, *, most: int | None = None) -> list[Member]:
    """Return who must act on a report: the managers of the room, or the staff of the responsible organisation.

    The managers are left out of a report that bypasses them. Of each group at most ``most`` are returned. If "no fault
    found" was not accepted, the staff of the level above are among them.
    """
    managers = [] if report.bypasses else managers_of(report.room)
    found = managers[:most] or staff_for(report, report.organization)[:most]
    if report.cleared and report.organization.parent is not None:
        found = [*found, *staff_for(report, report.organization.parent)[:most]]
    return list({member.pk: member for member in found}.values())
