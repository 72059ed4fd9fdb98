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

__all__ = [
    "AgreeForm",
    "ConfirmForm",
    "EventCreateForm",
    "EventForm",
    "EventUpdateForm",
    "JoinForm",
    "MatchmakersForm",
    "ReasonForm",
]
