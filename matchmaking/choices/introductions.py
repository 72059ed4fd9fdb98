"""States and choices of introductions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class IntroductionState(models.TextChoices):
    """States of an introduction; ``asked`` says that an answer is missing, never whose.

    One answer alone is shown to nobody.
    """

    ASKED = "asked", _("Waiting for both answers")
    AGREED = "agreed", _("Both agreed")
    NOT_AGREED = "not_agreed", _("Introduction not made")
    MET = "met", _("They met")
    TOGETHER = "together", _("Still seeing each other")
    ENDED = "ended", _("Ended")


INTRODUCTION_TRANSITIONS = {
    IntroductionState.ASKED: {
        IntroductionState.AGREED: Step(),
        IntroductionState.NOT_AGREED: Step(time=True),
    },
    IntroductionState.AGREED: {IntroductionState.MET: Step(), IntroductionState.ENDED: Step(time=True)},
    IntroductionState.MET: {IntroductionState.TOGETHER: Step(), IntroductionState.ENDED: Step(time=True)},
    IntroductionState.TOGETHER: {IntroductionState.ENDED: Step(time=True)},
    IntroductionState.NOT_AGREED: {},
    IntroductionState.ENDED: {},
}
LIVE_INTRODUCTIONS = (
    IntroductionState.ASKED,
    IntroductionState.AGREED,
    IntroductionState.MET,
    IntroductionState.TOGETHER,
)


class Answer(models.TextChoices):
    OPEN = "open", _("No answer yet")
    YES = "yes", _("Yes, please")
    NO = "no", _("No, thank you")


class Impression(models.TextChoices):
    GO_ON = "go_on", _("We want to meet again")
    FRIENDS = "friends", _("As friends")
    NO = "no", _("Not a good match")
    DID_NOT_MEET = "did_not_meet", _("We did not meet")
