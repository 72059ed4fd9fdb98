"""Everything matchmaking keeps, by the thing it is about."""

from matchmaking.models.after import FollowUp, GroupWedding, HotlineTicket, MediaRelease, Nomination, WeddingCouple
from matchmaking.models.choosing import Choice, ChoiceRound, Pair, Seat, SeatPlan
from matchmaking.models.events import EventMatchmaker, MatchEvent, Participation, new_slug
from matchmaking.models.matchmakers import ContactLog, Introduction, MatchCase, MeetingFeedback, Volunteer
from matchmaking.models.planning import (
    EventBudget,
    EventCost,
    EventDemand,
    EventLetter,
    EventPartner,
    EventSeries,
    EventTheme,
    Invitation,
    Venue,
)
from matchmaking.models.profiles import (
    AbuseReport,
    Block,
    HobbyTag,
    ProfileAppeal,
    ProfilePhoto,
    ScoreWeight,
    SingleProfile,
)

__all__ = [
    "AbuseReport",
    "Block",
    "Choice",
    "ChoiceRound",
    "ContactLog",
    "EventBudget",
    "EventCost",
    "EventDemand",
    "EventLetter",
    "EventMatchmaker",
    "EventPartner",
    "EventSeries",
    "EventTheme",
    "FollowUp",
    "GroupWedding",
    "HobbyTag",
    "HotlineTicket",
    "Introduction",
    "Invitation",
    "MatchCase",
    "MatchEvent",
    "MediaRelease",
    "MeetingFeedback",
    "Nomination",
    "Pair",
    "Participation",
    "ProfileAppeal",
    "ProfilePhoto",
    "ScoreWeight",
    "Seat",
    "SeatPlan",
    "SingleProfile",
    "Venue",
    "Volunteer",
    "WeddingCouple",
    "new_slug",
]
