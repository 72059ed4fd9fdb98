"""Reads of nursing rooms that span models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from nursing_rooms.alike import alike
from nursing_rooms.models import NursingRoom
from portal.core.choices import Area, Capability
from portal.locations.distances import metres_between
from portal.locations.seats import seat_of
from portal.members.selectors import holders
from portal.organizations.models import Region

if TYPE_CHECKING:
    from nursing_rooms.models import RoomReport
    from portal.members.models import Member
    from portal.organizations.models import Organization

# Metres between two positions that may be of one building.
SAME_BUILDING = 30


def managers_of(room: NursingRoom) -> list[Member]:
    """Return the members who look after a room today and whose accounts are active."""
    rows = room.managers.current().filter(member__is_active=True)
    return [row.member for row in rows.select_related("member").order_by("pk")]


def city_of_position(room: NursingRoom) -> Region | None:
    """Return the city at whose seat the room lies, if its region is in another city; None if nothing is doubtful."""
    if room.longitude is None or room.latitude is None:
        return None
    code = seat_of(float(room.longitude), float(room.latitude))
    if not code or room.region.code.startswith(code[:4]):
        return None
    return Region.objects.filter(code=code).first()


def maybe_the_same(room: NursingRoom, actor: Member) -> list[NursingRoom]:
    """Return other rooms of the region at the same address and floor, or on the same floor within 30 metres.

    Only rooms that the actor may see, or that are public.
    """
    rows = NursingRoom.objects
    seen = Q(pk__in=rows.visible_to(actor).values("pk")) | Q(pk__in=rows.published().values("pk"))
    others = rows.standing().filter(seen, region=room.region).exclude(pk=room.pk).order_by("pk")
    address, floor = alike(room.address, room.floor), alike(room.floor)
    return [other for other in others if alike(other.address, other.floor) == address or _beside(room, other, floor)]


def _beside(room: NursingRoom, other: NursingRoom, floor: str) -> bool:
    if room.point is None or other.point is None or alike(other.floor) != floor:
        return False
    return metres_between(room.point, other.point) <= SAME_BUILDING


def staff_for(report: RoomReport, organization: Organization) -> list[Member]:
    """Return the staff of nursing rooms at an organisation and above it, the nearest first.

    Those who looked after the room on the first day of a report that bypasses them, or later, are not among them.
    """
    away: set[int] = set()
    if report.bypasses:
        away.update(report.room.managers.since(report.first_on).values_list("member_id", flat=True))
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
