"""What the matrix requests if a page needs another body or person than in objects.py."""

from nursing_rooms.choices.reports import Trouble
from tests.areas import Asked
from tests.factories.nursing_rooms import make_manager, make_plate, make_room
from tests.factories.rights import make_rights_law


def tapped(home):
    """Build a door at which something is reported; the periods of the law are loaded."""
    make_rights_law()
    return Asked({"code": make_plate(make_room(home.city)).code}, home.chair, body={"trouble": Trouble.DIRTY.value})


def cleaned(home):
    """Build a room that its manager, a member without a duty, says to be clean."""
    row = make_manager(make_room(home.city))
    return Asked({"pk": row.room_id}, row.member)


STAGED = {"nursing_rooms:door-report": tapped, "nursing_rooms:room-clean": cleaned}
