"""Pages of matchmaking: events on the desk, what members meet, the matchmaker's caseload."""

from matchmaking.views import (
    caseload,
    changing,
    demands,
    events,
    inviting,
    meet,
    money,
    on_the_day,
    papers,
    participants,
    planning,
    reviewing,
    steps,
)

__all__ = [
    "caseload",
    "changing",
    "demands",
    "events",
    "inviting",
    "meet",
    "money",
    "on_the_day",
    "papers",
    "participants",
    "planning",
    "reviewing",
    "steps",
]
