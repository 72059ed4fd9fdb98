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
from matchmaking.tables.matchmakers import VolunteerTable
from matchmaking.tables.planning import (
    BudgetTable,
    DemandTable,
    PartnerTable,
    SeriesTable,
    ThemeTable,
    VenueTable,
)
from matchmaking.tables.singles import AppealTable, ProfileTable, ReportTable, VettingTable

__all__ = [
    "AppealTable",
    "BudgetTable",
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
    "ProfileTable",
    "ReleaseTable",
    "ReportTable",
    "ReviewTable",
    "SeriesTable",
    "ThemeTable",
    "TicketTable",
    "VenueTable",
    "VettingTable",
    "VolunteerTable",
    "WeddingTable",
]
