"""Filters of matchmaking."""

from matchmaking.filters.after import (
    CoupleFilter,
    FollowUpFilter,
    NominationFilter,
    ReleaseFilter,
    TicketFilter,
    WeddingFilter,
)
from matchmaking.filters.events import EventFilter, HiddenUnitFilter, MeetFilter, ParticipationFilter
from matchmaking.filters.matchmakers import VolunteerFilter
from matchmaking.filters.planning import BudgetFilter, DemandFilter, VenueFilter
from matchmaking.filters.singles import AppealFilter, ProfileFilter, ReportFilter, SingleFilter

__all__ = [
    "AppealFilter",
    "BudgetFilter",
    "CoupleFilter",
    "DemandFilter",
    "EventFilter",
    "FollowUpFilter",
    "HiddenUnitFilter",
    "MeetFilter",
    "NominationFilter",
    "ParticipationFilter",
    "ProfileFilter",
    "ReleaseFilter",
    "ReportFilter",
    "SingleFilter",
    "TicketFilter",
    "VenueFilter",
    "VolunteerFilter",
    "WeddingFilter",
]
