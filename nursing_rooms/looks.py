"""Colours and icons of the states of nursing rooms."""

STYLESHEETS = ("nursing_rooms/nursing_rooms.css",)

STATE_LOOKS = {
    "wait": "checked",
    "quiet": "shut",
    "good": "fixed no_fault",
    "bad": "retired",
}
