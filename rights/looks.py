"""Colours and icons of the states of the rights area."""

STATE_LOOKS = {"quiet": "paused"}
