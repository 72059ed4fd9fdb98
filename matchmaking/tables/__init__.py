"""Tables of matchmaking."""

from matchmaking.tables.after import (
    CoupleTable,
    FollowUpTable,
    NominationTable,
    ReleaseTable,
    TicketTable,
    WeddingTable,
)
from matchmaking.tables.events import (
    EventTable,
    PairTable,
    ParticipationTable,
)

__all__ = [
    "CoupleTable",
    "EventTable",
    "FollowUpTable",
    "NominationTable",
    "PairTable",
    "ParticipationTable",
    "ReleaseTable",
    "TicketTable",
    "WeddingTable",
]
