"""States and words of volunteers, their cases, and introductions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class VolunteerState(models.TextChoices):
    APPLIED = "applied", _("Applied")
    ACTIVE = "active", _("Active")
    RESTING = "resting", _("Resting")
    ENDED = "ended", _("Ended")


VOLUNTEER_TRANSITIONS = {
    VolunteerState.APPLIED: {VolunteerState.ACTIVE, VolunteerState.ENDED},
    VolunteerState.ACTIVE: {VolunteerState.RESTING: Step(), VolunteerState.ENDED: Step(time=True)},
    VolunteerState.RESTING: {VolunteerState.ACTIVE: Step(), VolunteerState.ENDED: Step(time=True)},
    VolunteerState.ENDED: {VolunteerState.APPLIED: Step()},
}


class CaseBlock(models.TextChoices):
    NONE = "none", _("Nothing")
    WAITING_FOR_HER = "waiting_for_her", _("Waiting for an answer of the single")
    NO_MATCH = "no_match", _("Nobody suitable yet")
    PROFILE = "profile", _("Profile is incomplete or old")
    PAUSE = "pause", _("Wants a pause")
    OTHER = "other", _("Something else")


class IntroductionState(models.TextChoices):
    """``asked`` says that answers are awaited, never whose: one answer alone is shown to nobody."""

    ASKED = "asked", _("Both are asked")
    AGREED = "agreed", _("Both agreed")
    NOT_AGREED = "not_agreed", _("Did not come about")
    MET = "met", _("They met")
    TOGETHER = "together", _("They go on together")
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


class ContactKind(models.TextChoices):
    CALL = "call", _("Call")
    MESSAGE = "message", _("Message")
    VISIT = "visit", _("Conversation")
    ACCOMPANIED = "accompanied", _("Accompanied a meeting")


class Impression(models.TextChoices):
    GO_ON = "go_on", _("We want to meet again")
    FRIENDS = "friends", _("As friends")
    NO = "no", _("It did not fit")
    DID_NOT_MEET = "did_not_meet", _("We did not meet")
