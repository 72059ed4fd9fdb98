"""States and choices of couples who apply for a group wedding."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class CoupleState(models.TextChoices):
    """A couple that applies for a group wedding: one asks, the other confirms, the organiser decides."""

    ASKED = "asked", _("Waiting for the other one")
    APPLIED = "applied", _("Applied")
    ACCEPTED = "accepted", _("Accepted")
    WAITLISTED = "waitlisted", _("On the waiting list")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


COUPLE_TRANSITIONS = {
    CoupleState.ASKED: {CoupleState.APPLIED: Step(), CoupleState.WITHDRAWN: Step(time=True)},
    CoupleState.APPLIED: {
        CoupleState.ACCEPTED: Step(),
        CoupleState.WAITLISTED: Step(),
        CoupleState.DECLINED: Step(),
        CoupleState.WITHDRAWN: Step(time=True),
    },
    CoupleState.WAITLISTED: {
        CoupleState.ACCEPTED: Step(time=True),
        CoupleState.DECLINED: Step(),
        CoupleState.WITHDRAWN: Step(time=True),
    },
    CoupleState.ACCEPTED: {CoupleState.WITHDRAWN: Step(time=True)},
    CoupleState.DECLINED: {},
    CoupleState.WITHDRAWN: {},
}
# Both have confirmed that they want to be wed.
CONFIRMED_COUPLES = (CoupleState.APPLIED, CoupleState.WAITLISTED, CoupleState.ACCEPTED)
LIVE_COUPLES = (CoupleState.ASKED, CoupleState.APPLIED, CoupleState.WAITLISTED, CoupleState.ACCEPTED)
