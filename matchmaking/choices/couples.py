"""States and choices of couples who apply for a group wedding."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class CoupleState(models.TextChoices):
    """The states of a couple applying for a group wedding.

    One of the two asks, the other confirms, and the organiser decides.
    """

    ASKED = "asked", _("Waiting for the partner's confirmation")
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
# Both people have confirmed that they want to take part as a couple.
CONFIRMED_COUPLES = (CoupleState.APPLIED, CoupleState.WAITLISTED, CoupleState.ACCEPTED)
LIVE_COUPLES = (CoupleState.ASKED, CoupleState.APPLIED, CoupleState.WAITLISTED, CoupleState.ACCEPTED)
