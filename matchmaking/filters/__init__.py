"""Filters of matchmaking."""

from matchmaking.filters.events import (
    EventFilter,
    ParticipationFilter,
)
from matchmaking.filters.matchmakers import VolunteerFilter

__all__ = [
    "EventFilter",
    "ParticipationFilter",
    "VolunteerFilter",
]
