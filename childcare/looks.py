"""Colours and icons of the states of childcare."""

STATE_LOOKS = {
    "run": "enrolling",
    "good": "in_use",
}
