"""Selectors for venues."""

from __future__ import annotations

from matchmaking.models import MatchEvent


def venue_too_small(event: MatchEvent) -> bool:
    """Return whether the venue holds fewer people than the two lists have places."""
    return event.venue is not None and event.venue.capacity < event.men_quota + event.women_quota
