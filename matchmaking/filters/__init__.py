"""Filters of matchmaking."""

from matchmaking.filters.events import (
    EventFilter,
    ParticipationFilter,
)

__all__ = [
    "EventFilter",
    "ParticipationFilter",
]
