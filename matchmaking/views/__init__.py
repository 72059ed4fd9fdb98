"""Pages of matchmaking: events and what surrounds them on the desk, what members meet, the matchmaker's caseload."""

from matchmaking.views import (
    caseload,
    changing,
    demands,
    events,
    inviting,
    meet,
    money,
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
    "papers",
    "participants",
    "planning",
    "reviewing",
    "steps",
]
