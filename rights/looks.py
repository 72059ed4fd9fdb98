"""How the states of the rights area look."""

STATE_LOOKS = {"quiet": "paused"}
