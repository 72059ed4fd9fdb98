"""Rules on who may do what with a nursing room or a report, beyond seeing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nursing_rooms.choices.reports import ReportState
from nursing_rooms.choices.rooms import STANDING, RoomState
from portal.core.choices import Area, Capability, Level

if TYPE_CHECKING:
    from nursing_rooms.models import NursingRoom, RoomManager, RoomReport
    from portal.members.models import Member


def can_edit_room(actor: Member, room: NursingRoom) -> bool:
    """The actor may edit nursing rooms at the union responsible for this one, or above it."""
    return actor.can(Area.NURSING_ROOMS, Capability.EDIT, room.organization.path)


def can_change_room(actor: Member, room: NursingRoom) -> bool:
    """The actor may change the room; it has not been withdrawn."""
    return room.state != RoomState.RETIRED and can_edit_room(actor, room)


def _from(actor: Member, room: NursingRoom, level: Level) -> bool:
    """The actor holds EDIT at or above the room's union, by a duty at ``level`` or higher."""
    paths = set(actor.reach(Area.NURSING_ROOMS, Capability.EDIT))
    places = [duty.organization for duty in actor.duties if duty.organization.path in paths] if paths else []
    return any(room.organization.path.startswith(place.path) and place.level <= level for place in places)


def can_check_room(actor: Member, room: NursingRoom) -> bool:
    """The actor may check an application: at the county or above it."""
    return room.state == RoomState.APPLIED and _from(actor, room, Level.COUNTY)


def can_accept_room(actor: Member, room: NursingRoom) -> bool:
    """The actor may accept a checked room: at the city or above it."""
    return room.state == RoomState.CHECKED and _from(actor, room, Level.CITY)


def looks_after(actor: Member, room: NursingRoom) -> bool:
    """The actor looks after the room today."""
    return bool(getattr(actor, "pk", None)) and room.managers.current().filter(member=actor).exists()


def can_run_room(actor: Member, room: NursingRoom) -> bool:
    """The actor may close and reopen the room and record its cleaning: its manager, or the staff."""
    return room.state in STANDING and (can_edit_room(actor, room) or looks_after(actor, room))


def can_settle_report(actor: Member, report: RoomReport) -> bool:
    """The actor may settle the report: staff of the organisation that must act, or the room's manager.

    A report that bypasses the manager is settled by staff who did not look after the room on its first day or later.
    """
    if report.state != ReportState.OPEN:
        return False
    staff = actor.can(Area.NURSING_ROOMS, Capability.EDIT, report.organization.path)
    if report.bypasses:
        return staff and not report.room.managers.since(report.first_on).filter(member=actor).exists()
    return staff or looks_after(actor, report.room)


def can_edit_manager(actor: Member, manager: RoomManager) -> bool:
    """The actor may end that somebody looks after a room."""
    return manager.valid_until is None and can_edit_room(actor, manager.room)
