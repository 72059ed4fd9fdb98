"""For each rule of the nursing rooms area: an object of the home, and the entitled person if not the chair."""

from nursing_rooms.choices.rooms import RoomState
from tests.factories.nursing_rooms import make_manager, make_report, make_room


def looked_after(home):
    row = make_manager(make_room(home.city))
    return row.room, row.member


RULES = {
    "can_edit_room": lambda home: make_room(home.city),
    "can_change_room": lambda home: make_room(home.city),
    "can_check_room": lambda home: make_room(home.city, state=RoomState.APPLIED),
    "can_accept_room": lambda home: make_room(home.city, state=RoomState.CHECKED),
    "looks_after": looked_after,
    "can_run_room": looked_after,
    "can_settle_report": lambda home: make_report(make_room(home.city)),
    "can_edit_manager": lambda home: make_manager(make_room(home.city)),
}
