"""What tests/layout and tests/access open in the nursing rooms area: the object of each address."""

from nursing_rooms.choices.rooms import RoomState
from tests.factories.nursing_rooms import make_manager, make_plate, make_report, make_room


def room_in(state):
    closing = {"closed_reason": "检修"} if state == RoomState.CLOSED else {}
    return lambda home: {"pk": make_room(home.city, state=state, **closing).pk}


def room_with_plate(home):
    return {"pk": make_plate(make_room(home.city)).about_id}


def door(home):
    return {"code": make_plate(make_room(home.city)).code}


def manager(home):
    return {"pk": make_manager(make_room(home.city)).pk}


def report(home):
    return {"pk": make_report(make_room(home.city)).pk}


PUBLIC = {
    f"nursing_rooms:door-{page}": "whoever stands at the door of a room needs no account, and leaves no trace"
    for page in ("show", "visit", "report")
}
OTHER_THINGS = {"nursing_rooms": {"door": "a room as visitors see it who scan its plate"}}
OBJECTS = {
    **{
        f"nursing_rooms:room-{page}": room_in(RoomState.OPEN)
        for page in ("detail", "update", "plate", "clean", "manager", "close", "retire")
    },
    "nursing_rooms:room-check": room_in(RoomState.APPLIED),
    "nursing_rooms:room-accept": room_in(RoomState.CHECKED),
    "nursing_rooms:room-reopen": room_in(RoomState.CLOSED),
    **{f"nursing_rooms:room-{page}": room_with_plate for page in ("print", "document", "replace")},
    "nursing_rooms:manager-remove": manager,
    **{f"nursing_rooms:report-{page}": report for page in ("detail", "fix", "clear")},
}
ANYONES = {
    f"nursing_rooms:door-{page}": (door, "whoever stands at the door and scans the plate")
    for page in ("show", "visit", "report")
}
