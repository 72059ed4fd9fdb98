"""Filters of matchmaking."""

from matchmaking.filters.events import (
    EventFilter,
    HiddenUnitFilter,
    MeetFilter,
    ParticipationFilter,
)
from matchmaking.filters.planning import BudgetFilter, DemandFilter, VenueFilter

__all__ = [
    "BudgetFilter",
    "DemandFilter",
    "EventFilter",
    "HiddenUnitFilter",
    "MeetFilter",
    "ParticipationFilter",
    "VenueFilter",
]
