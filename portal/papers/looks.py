"""Colours and icons of the states of papers."""

STATE_LOOKS = {"good": "valid current", "quiet": "kept"}
