from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class Door(models.TextChoices):
    """The way in which a person signs up; the engine is the same for all ways."""

    SELF = "self", _("By the person")
    STAFF = "staff", _("By staff")
    WALK_IN = "walk_in", _("At the entrance")


class Blocked(models.TextChoices):
    """Why a sign-up cannot take a place now."""

    FULL = "full", _("All places are taken.")
    BALANCE = "balance", _("This list must wait until the other list has grown, so that both stay balanced.")
    UNIT = "unit", _("This unit has reached its limit: no more people from it can get a place.")


class SignUpState(models.TextChoices):
    APPLIED = "applied", _("Waiting for review")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Place offered")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Offer expired")
    DECLINED = "declined", _("Declined")
    LEFT = "left", _("Took part, left afterwards")


SIGN_UP_TRANSITIONS = {
    SignUpState.APPLIED: {
        SignUpState.CONFIRMED: Step(),
        SignUpState.WAITLISTED: Step(),
        SignUpState.DECLINED: Step(),
        SignUpState.WITHDRAWN: Step(time=True),
    },
    # A person who leaves after the event was held stays counted: the figures of the event do not change.
    SignUpState.CONFIRMED: {SignUpState.WITHDRAWN: Step(time=True), SignUpState.LEFT: Step(time=True)},
    SignUpState.WAITLISTED: {SignUpState.OFFERED: Step(time=True), SignUpState.WITHDRAWN: Step(time=True)},
    SignUpState.OFFERED: {
        SignUpState.CONFIRMED: Step(),
        SignUpState.WITHDRAWN: Step(time=True),
        SignUpState.EXPIRED: Step(person=False, time=True),
    },
    SignUpState.WITHDRAWN: {},
    SignUpState.EXPIRED: {},
    SignUpState.DECLINED: {},
    SignUpState.LEFT: {},
}

HOLDING = (SignUpState.CONFIRMED, SignUpState.OFFERED)
# People who took part in something that is over.
TOOK_PART = (SignUpState.CONFIRMED, SignUpState.LEFT)
LIVE = (SignUpState.APPLIED, SignUpState.CONFIRMED, SignUpState.WAITLISTED, SignUpState.OFFERED)
