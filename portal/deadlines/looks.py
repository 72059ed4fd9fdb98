"""Colours and icons of the states of deadlines."""

STATE_LOOKS = {"quiet": "paused", "run": "met", "bad": "late"}
