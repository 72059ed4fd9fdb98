"""Tables of matchmaking."""

from matchmaking.tables.events import (
    EventTable,
    PairTable,
    ParticipationTable,
)

__all__ = [
    "EventTable",
    "PairTable",
    "ParticipationTable",
]
