"""Tables of matchmaking."""

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
    "DemandTable",
    "EventTable",
    "HiddenUnitReviewTable",
    "HiddenUnitTable",
    "PairTable",
    "ParticipationTable",
    "PartnerTable",
    "ReviewTable",
    "SeriesTable",
    "ThemeTable",
    "VenueTable",
]
