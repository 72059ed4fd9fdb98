from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class SignUpState(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("A place is offered")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Offer expired")


SIGN_UP_TRANSITIONS = {
    SignUpState.CONFIRMED: {SignUpState.WITHDRAWN: Step()},
    SignUpState.WAITLISTED: {SignUpState.OFFERED: Step(time=True), SignUpState.WITHDRAWN: Step()},
    SignUpState.OFFERED: {
        SignUpState.CONFIRMED: Step(),
        SignUpState.WITHDRAWN: Step(),
        SignUpState.EXPIRED: Step(person=False, time=True),
    },
    SignUpState.WITHDRAWN: {},
    SignUpState.EXPIRED: {},
}

HOLDING = (SignUpState.CONFIRMED, SignUpState.OFFERED)
LIVE = (SignUpState.CONFIRMED, SignUpState.WAITLISTED, SignUpState.OFFERED)
