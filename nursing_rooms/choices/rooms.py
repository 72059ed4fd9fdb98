"""Nursing rooms: types, facilities, and the states of a room."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class RoomType(models.TextChoices):
    """What kind of place it is; each type requires other facilities."""

    ROOM = "room", _("Nursing room")
    CORNER = "corner", _("Care corner")
    BOX = "box", _("Care box")
    MOBILE = "mobile", _("Mobile nursing unit")


class Facility(models.TextChoices):
    """The basic list of the guiding opinion on nursing rooms (国卫指导发〔2016〕63号), and what unions add."""

    LOCK = "lock", _("Lockable door or curtain")
    SEAT = "seat", _("Nursing seat")
    CHANGING_TABLE = "changing_table", _("Changing table with strap")
    BASIN = "basin", _("Basin with hot water and soap")
    TABLE = "table", _("Side table")
    SOCKETS = "sockets", _("Sockets")
    BIN = "bin", _("Bin")
    FLOOR = "floor", _("Non-slip floor")
    COT = "cot", _("Cot")
    CALL = "call", _("Call button")
    FRIDGE = "fridge", _("Fridge")
    HEATING = "heating", _("Heating or air conditioning")
    WATER = "water", _("Drinking water")
    MICROWAVE = "microwave", _("Microwave or bottle warmer")
    FATHERS = "fathers", _("Changing area open to fathers")


class RoomState(models.TextChoices):
    APPLIED = "applied", _("Applied for")
    CHECKED = "checked", _("Checked by the county")
    OPEN = "open", _("Open to visitors")
    CLOSED = "shut", _("Temporarily closed")
    RETIRED = "retired", _("Withdrawn")


ROOM_TRANSITIONS = {
    RoomState.APPLIED: {RoomState.CHECKED: Step(), RoomState.RETIRED: Step()},
    RoomState.CHECKED: {RoomState.OPEN: Step(), RoomState.APPLIED: Step()},
    RoomState.OPEN: {RoomState.CLOSED: Step(), RoomState.RETIRED: Step()},
    RoomState.CLOSED: {RoomState.OPEN: Step(), RoomState.RETIRED: Step()},
    RoomState.RETIRED: {},
}
# Rooms that are counted.
STANDING = (RoomState.OPEN, RoomState.CLOSED)
ROOM_LINE = (RoomState.APPLIED, RoomState.CHECKED, RoomState.OPEN)
