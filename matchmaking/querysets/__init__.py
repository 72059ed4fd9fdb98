"""Who reads which rows of matchmaking, by the thing they are about."""

from matchmaking.querysets.after import (
    CoupleQuerySet,
    FollowUpQuerySet,
    NominationQuerySet,
    ReleaseQuerySet,
    TicketQuerySet,
    WeddingQuerySet,
)
from matchmaking.querysets.events import (
    ChoiceQuerySet,
    EventMatchmakerQuerySet,
    MatchEventQuerySet,
    PairQuerySet,
    ParticipationQuerySet,
)
from matchmaking.querysets.matchmakers import CaseQuerySet, IntroductionQuerySet, VolunteerQuerySet
from matchmaking.querysets.planning import (
    BudgetQuerySet,
    DemandQuerySet,
    OfEventQuerySet,
    PartnerQuerySet,
    SeriesQuerySet,
    VenueQuerySet,
)
from matchmaking.querysets.profiles import (
    AbuseReportQuerySet,
    AppealQuerySet,
    BlockQuerySet,
    PhotoQuerySet,
    SingleProfileQuerySet,
)

__all__ = [
    "AbuseReportQuerySet",
    "AppealQuerySet",
    "BlockQuerySet",
    "BudgetQuerySet",
    "CaseQuerySet",
    "ChoiceQuerySet",
    "CoupleQuerySet",
    "DemandQuerySet",
    "EventMatchmakerQuerySet",
    "FollowUpQuerySet",
    "IntroductionQuerySet",
    "MatchEventQuerySet",
    "NominationQuerySet",
    "OfEventQuerySet",
    "PairQuerySet",
    "ParticipationQuerySet",
    "PartnerQuerySet",
    "PhotoQuerySet",
    "ReleaseQuerySet",
    "SeriesQuerySet",
    "SingleProfileQuerySet",
    "TicketQuerySet",
    "VenueQuerySet",
    "VolunteerQuerySet",
    "WeddingQuerySet",
]
