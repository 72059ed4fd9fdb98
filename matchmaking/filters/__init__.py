"""Filters of matchmaking."""

from matchmaking.filters.events import (
    EventFilter,
    ParticipationFilter,
)
from matchmaking.filters.singles import (
    AppealFilter,
    ProfileFilter,
    ReportFilter,
    SingleFilter,
)

__all__ = [
    "AppealFilter",
    "EventFilter",
    "ParticipationFilter",
    "ProfileFilter",
    "ReportFilter",
    "SingleFilter",
]
