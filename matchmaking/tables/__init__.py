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
    HiddenUnitReviewTable,
    HiddenUnitTable,
    PairTable,
    ParticipationTable,
    ReviewTable,
)
from matchmaking.tables.planning import (
    BudgetTable,
    CostTable,
    DemandTable,
    PartnerTable,
    SeriesTable,
    ThemeTable,
    VenueTable,
)

__all__ = [
    "BudgetTable",
    "CostTable",
    "CoupleTable",
    "DemandTable",
    "EventTable",
    "FollowUpTable",
    "HiddenUnitReviewTable",
    "HiddenUnitTable",
    "NominationTable",
    "PairTable",
    "ParticipationTable",
    "PartnerTable",
    "ReleaseTable",
    "ReviewTable",
    "SeriesTable",
    "ThemeTable",
    "TicketTable",
    "VenueTable",
    "WeddingTable",
]
