"""Builders of the nursing rooms area."""

from itertools import count

from django.utils import timezone

from nursing_rooms.choices.reports import Trouble
from nursing_rooms.choices.rooms import RoomState, RoomType
from nursing_rooms.facilities import REQUIRED
from nursing_rooms.models import NursingRoom, RoomInspection, RoomManager
from nursing_rooms.services.plates import plate_issue
from nursing_rooms.services.reports import report_tap
from portal.core.choices import Area
from portal.inspections.models import Rubric
from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.organizations.models import Region
from tests.factories.inspections import make_rubric
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_member, make_staff
from tests.factories.organizations import make_organization
from tests.factories.rights import make_rights_law

_numbers = count(1)


def make_room(organization=None, **fields):
    """Create a room that is open, by default a public one with a position."""
    today = timezone.localdate()
    number = next(_numbers)
    point = fields.pop("point", Point(126.6425, 45.7567, Datum.GCJ02))
    fields = {
        "name": f"示例妈咪小屋{number}",
        "number": f"NR{number:05d}",
        "room_type": RoomType.ROOM,
        "is_public": True,
        "host": "示例商场",
        "address": "示例路1号",
        "floor": "三层",
        "landmark": "东侧电梯旁",
        "facilities": sorted(REQUIRED[fields.get("room_type", RoomType.ROOM)]),
        "state": RoomState.OPEN,
        "opened_on": today,
        **fields,
    }
    organization = organization or make_organization()
    region = (
        fields.pop("region", None) or organization.region or Region.objects.filter(level=2).first() or make_region()
    )
    room = NursingRoom(organization=organization, region=region or make_region(), **fields)
    room.place(point)
    room.save(force_insert=True)
    return room


def make_manager(room=None, member=None, **fields):
    """Let a member without a duty look after a room."""
    room = room or make_room()
    member = member or make_member(organization=room.organization)
    fields = {"valid_from": timezone.localdate(), **fields}
    return RoomManager.objects.create(room=room, member=member, **fields)


def make_inspection(room, inspector):
    """Plan an inspection of a room by its own union; ``inspector`` leads it."""
    today = timezone.localdate()
    rubric = Rubric.objects.filter(code=RoomInspection.rubric_code).first()
    rubric = rubric or make_rubric(RoomInspection.rubric_code, Area.NURSING_ROOMS)
    row = RoomInspection.objects.create(
        room=room,
        organization=room.organization,
        rubric_version=rubric.versions.get(),
        planned_on=today,
        planned_by=inspector,
    )
    row.inspectors.create(member=inspector, lead=True)
    return row


def make_plate(room=None):
    """Issue the plate of a room."""
    room = room or make_room()
    return plate_issue(actor=make_staff(room.organization), room=room)


def make_report(room=None, trouble=Trouble.DIRTY, **fields):
    """Report trouble at the door of a room; the periods of the law are loaded."""
    make_rights_law()
    return report_tap(room=room or make_room(), trouble=trouble, **fields)
