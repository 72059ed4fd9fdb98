"""Tables of matchmaking."""

from matchmaking.tables.events import (
    EventTable,
    PairTable,
    ParticipationTable,
)
from matchmaking.tables.singles import (
    AppealTable,
    ProfileTable,
    ReportTable,
    VettingTable,
)

__all__ = [
    "AppealTable",
    "EventTable",
    "PairTable",
    "ParticipationTable",
    "ProfileTable",
    "ReportTable",
    "VettingTable",
]
