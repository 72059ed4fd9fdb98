"""States and choices of pairs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class PairState(models.TextChoices):
    HAND_HOLDING = "hand_holding", _("Paired")
    DATING = "dating", _("Dating")
    ENGAGED = "engaged", _("Engaged")
    REGISTERED = "registered", _("Married")
    ENDED = "ended", _("Ended")


# A pair may skip stages, but never goes back; ``ended`` is possible from every state except marriage. The clock applies
# what both have said.
PAIR_TRANSITIONS = {
    PairState.HAND_HOLDING: {
        PairState.DATING: Step(time=True),
        PairState.ENGAGED: Step(time=True),
        PairState.REGISTERED: Step(time=True),
        PairState.ENDED: Step(time=True),
    },
    PairState.DATING: {
        PairState.ENGAGED: Step(time=True),
        PairState.REGISTERED: Step(time=True),
        PairState.ENDED: Step(time=True),
    },
    PairState.ENGAGED: {PairState.REGISTERED: Step(time=True), PairState.ENDED: Step(time=True)},
    PairState.REGISTERED: {},
    PairState.ENDED: {},
}
# What one of the two may say about the pair; the stages of a couple, in this order.
SAYINGS = (PairState.DATING, PairState.ENGAGED, PairState.REGISTERED, PairState.ENDED)
# Both have said so: neither of the two is single any longer.
SETTLED_PAIRS = (PairState.ENGAGED, PairState.REGISTERED)
STAGES = (PairState.HAND_HOLDING, PairState.DATING, PairState.ENGAGED, PairState.REGISTERED)
