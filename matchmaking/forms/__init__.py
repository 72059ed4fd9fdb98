"""Forms of matchmaking."""

from matchmaking.forms.changing import (
    AcceptForm,
    AgreeAnewForm,
    EventChangeForm,
    EventCopyForm,
    EventQuotasForm,
    LetterForm,
)
from matchmaking.forms.demands import (
    AnswerForm,
    DemandForm,
    DemandMergeForm,
    UnitDemandForm,
)
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
from matchmaking.forms.money import (
    BudgetForm,
    BudgetUpdateForm,
    CostForm,
)
from matchmaking.forms.on_the_day import (
    DoorForm,
    RoundForm,
    SeatsForm,
    WalkInForm,
)
from matchmaking.forms.planning import (
    PartnerForm,
    SeriesForm,
    SeriesUpdateForm,
    TermForm,
    ThemeForm,
    UnitPickForm,
    VenueForm,
    VenueUpdateForm,
)

__all__ = [
    "AcceptForm",
    "AgreeAnewForm",
    "AgreeForm",
    "AnswerForm",
    "BudgetForm",
    "BudgetUpdateForm",
    "ConfirmForm",
    "CostForm",
    "DemandForm",
    "DemandMergeForm",
    "DoorForm",
    "EventChangeForm",
    "EventCopyForm",
    "EventCreateForm",
    "EventForm",
    "EventQuotasForm",
    "EventUpdateForm",
    "JoinForm",
    "LetterForm",
    "MatchmakersForm",
    "PartnerForm",
    "ReasonForm",
    "RoundForm",
    "SeatsForm",
    "SeriesForm",
    "SeriesUpdateForm",
    "TermForm",
    "ThemeForm",
    "UnitDemandForm",
    "UnitPickForm",
    "VenueForm",
    "VenueUpdateForm",
    "WalkInForm",
]
