"""The models of matchmaking, one module per subject."""

from matchmaking.models.budgets import EventBudget, EventCost
from matchmaking.models.cases import ContactLog, MatchCase
from matchmaking.models.choosing import Choice, ChoiceRound
from matchmaking.models.couples import WeddingCouple
from matchmaking.models.demands import EventDemand
from matchmaking.models.events import MatchEvent, new_slug
from matchmaking.models.follow_ups import FollowUp
from matchmaking.models.hotline import HotlineTicket
from matchmaking.models.introductions import Introduction, MeetingFeedback
from matchmaking.models.invitations import Invitation
from matchmaking.models.letters import EventLetter
from matchmaking.models.matchmakers import EventMatchmaker
from matchmaking.models.on_the_day import Seat, SeatPlan
from matchmaking.models.pairs import Pair
from matchmaking.models.participations import Participation
from matchmaking.models.partners import EventPartner
from matchmaking.models.photos import ProfilePhoto
from matchmaking.models.profiles import HobbyTag, ScoreWeight, SingleProfile
from matchmaking.models.publicity import MediaRelease, Nomination
from matchmaking.models.safety import AbuseReport, Block
from matchmaking.models.series import EventSeries, EventTheme
from matchmaking.models.venues import Venue
from matchmaking.models.vetting import ProfileAppeal
from matchmaking.models.volunteers import Volunteer
from matchmaking.models.weddings import GroupWedding

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
