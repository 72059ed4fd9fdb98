"""Which facilities each type of nursing room requires: pure calculation.

The basic list is that of the guiding opinion on nursing rooms (国卫指导发〔2016〕63号). A corner, a box and a bus
require less, by the conditions of the place (domain.md L1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nursing_rooms.choices.rooms import Facility, RoomType

if TYPE_CHECKING:
    from collections.abc import Iterable

_PRIVATE = frozenset({Facility.LOCK, Facility.SEAT, Facility.BIN})
REQUIRED: dict[str, frozenset[Facility]] = {
    RoomType.ROOM: _PRIVATE
    | {Facility.CHANGING_TABLE, Facility.BASIN, Facility.TABLE, Facility.SOCKETS, Facility.FLOOR},
    RoomType.CORNER: _PRIVATE | {Facility.TABLE, Facility.SOCKETS},
    RoomType.BOX: frozenset({Facility.LOCK, Facility.SEAT}),
    RoomType.MOBILE: frozenset({Facility.LOCK, Facility.SEAT}),
}


def missing_facilities(room_type: str, facilities: Iterable[str]) -> list[str]:
    """Return the labels of the facilities that a room of this type requires and does not have, in the usual order."""
    there = set(facilities)
    return [facility.label for facility in Facility if facility in REQUIRED[room_type] and facility not in there]
