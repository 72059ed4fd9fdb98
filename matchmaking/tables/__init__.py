"""Tables of matchmaking."""

from matchmaking.tables.events import (
    EventTable,
    PairTable,
    ParticipationTable,
)
from matchmaking.tables.matchmakers import VolunteerTable

__all__ = [
    "EventTable",
    "PairTable",
    "ParticipationTable",
    "VolunteerTable",
]
