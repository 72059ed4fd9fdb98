"""What tests/layout and tests/access open in nursing rooms: the object of each address."""

from tests.nursing_rooms.test_finder import room


def public_room(home):
    return {"pk": room(home.city).pk}


ANYONES = {
    "nursing_rooms:finder-place": (public_room, "everybody may find a public room"),
}
PUBLIC = {
    "nursing_rooms:finder-list": "visitors look for a nursing room",
    "nursing_rooms:finder-pins": "the map of the public nursing rooms",
    "nursing_rooms:finder-place": "a public nursing room",
}
OTHER_THINGS = {
    "nursing_rooms": {
        "finder": "rooms as visitors find them: a search, and public rooms by their number",
    }
}
