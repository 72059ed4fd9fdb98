"""Pages of matchmaking: events on the desk, what members meet, the matchmaker's caseload, and what comes after."""

from matchmaking.views import (
    caseload,
    ceremonies,
    events,
    follow_ups,
    hotline,
    meet,
    pairs,
    publicity,
    steps,
    weddings,
)

__all__ = [
    "caseload",
    "ceremonies",
    "events",
    "follow_ups",
    "hotline",
    "meet",
    "pairs",
    "publicity",
    "steps",
    "weddings",
]
