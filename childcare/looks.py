"""Colours and icons of the states of childcare."""

STATE_LOOKS = {
    "wait": "checked",
    "run": "planned enrolling",
    "good": "in_use",
    "bad": "cancelled",
}
