"""Forms of matchmaking."""

from matchmaking.forms.events import (
    AgreeForm,
    ConfirmForm,
    EventCreateForm,
    EventForm,
    EventUpdateForm,
    JoinForm,
    MatchmakersForm,
    ReasonForm,
)
from matchmaking.forms.on_the_day import (
    DoorForm,
    RoundForm,
    SeatsForm,
    WalkInForm,
)

__all__ = [
    "AgreeForm",
    "ConfirmForm",
    "DoorForm",
    "EventCreateForm",
    "EventForm",
    "EventUpdateForm",
    "JoinForm",
    "MatchmakersForm",
    "ReasonForm",
    "RoundForm",
    "SeatsForm",
    "WalkInForm",
]
