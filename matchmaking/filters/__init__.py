"""Filters of matchmaking."""

from matchmaking.filters.after import (
    CoupleFilter,
    FollowUpFilter,
    NominationFilter,
    ReleaseFilter,
    TicketFilter,
    WeddingFilter,
)
from matchmaking.filters.events import (
    EventFilter,
    HiddenUnitFilter,
    MeetFilter,
    ParticipationFilter,
)
from matchmaking.filters.planning import (
    BudgetFilter,
    DemandFilter,
    VenueFilter,
)

__all__ = [
    "BudgetFilter",
    "CoupleFilter",
    "DemandFilter",
    "EventFilter",
    "FollowUpFilter",
    "HiddenUnitFilter",
    "MeetFilter",
    "NominationFilter",
    "ParticipationFilter",
    "ReleaseFilter",
    "TicketFilter",
    "VenueFilter",
    "WeddingFilter",
]
