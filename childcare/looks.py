"""Colours and icons of the states of childcare."""

STATE_LOOKS = {
    "wait": "checked expected",
    "quiet": "away",
    "run": "planned enrolling noted here",
    "good": "in_use collected settled",
    "bad": "cancelled alarmed",
}
