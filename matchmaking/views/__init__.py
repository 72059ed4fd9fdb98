"""Pages of matchmaking: events on the desk, what members meet, the matchmaker's caseload."""

from matchmaking.views import caseload, events, meet, on_the_day, steps

__all__ = ["caseload", "events", "meet", "on_the_day", "steps"]
