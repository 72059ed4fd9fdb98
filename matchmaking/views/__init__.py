"""Pages of matchmaking: events on the desk, what members meet, the matchmaker's caseload."""

from matchmaking.views import caseload, cases, events, helping, introductions, meet, on_the_day, steps, volunteers

__all__ = [
    "caseload",
    "cases",
    "events",
    "helping",
    "introductions",
    "meet",
    "on_the_day",
    "steps",
    "volunteers",
]
