"""Colours and icons of the states of the rights area."""

STATE_LOOKS = {
    "quiet": "paused",
    "wait": "closing",
    "run": "handling",
    "good": "held",
    "bad": "not_accepted cancelled",
}
