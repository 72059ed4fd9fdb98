"""States and choices of follow-ups of pairs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class FollowUpKind(models.TextChoices):
    """Follow-ups as in practice: three days, three weeks and three months after the mutual choice."""

    DAYS = "days", _("After three days")
    WEEKS = "weeks", _("After three weeks")
    MONTHS = "months", _("After three months")


class FollowUpState(models.TextChoices):
    DUE = "due", _("To do")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Follow-up not wanted")


FOLLOW_UP_TRANSITIONS = {
    FollowUpState.DUE: {FollowUpState.DONE: Step(), FollowUpState.STOPPED: Step(time=True)},
    FollowUpState.DONE: {},
    FollowUpState.STOPPED: {},
}


class FollowUpResult(models.TextChoices):
    REACHED = "reached", _("Reached, still in touch")
    APART = "apart", _("Reached, no longer in touch")
    NOT_REACHED = "not_reached", _("Not reached")
