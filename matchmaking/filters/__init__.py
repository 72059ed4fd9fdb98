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
    ParticipationFilter,
)

__all__ = [
    "CoupleFilter",
    "EventFilter",
    "FollowUpFilter",
    "NominationFilter",
    "ParticipationFilter",
    "ReleaseFilter",
    "TicketFilter",
    "WeddingFilter",
]
