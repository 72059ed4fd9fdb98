"""Units, start and rolling rules of clocks, and the states of deadlines."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class Unit(models.TextChoices):
    WORKING_DAYS = "working_days", _("Working days")
    DAYS = "days", _("Calendar days")
    MONTHS = "months", _("Months")
    YEARS = "years", _("Years")


class StartRule(models.TextChoices):
    NEXT_DAY = "next_day", _("The starting day does not count (Civil Code, article 201)")
    SAME_DAY = "same_day", _("The starting day counts as the first")


class RollingRule(models.TextChoices):
    NEXT_WORKING_DAY = "next_working_day", _("A last day off moves to the next working day (Civil Code, article 203)")
    STAYS = "stays", _("The last day does not move")


class DeadlineState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    LATE = "late", _("Overdue")
    MET = "met", _("Settled")
    ENDED = "ended", _("Ended")


OPEN_DEADLINES = (DeadlineState.RUNNING, DeadlineState.PAUSED, DeadlineState.LATE)
_CLOCK = Step(person=False, time=True)
_BOTH = Step(time=True)
DEADLINE_TRANSITIONS = {
    DeadlineState.RUNNING: {
        DeadlineState.PAUSED: Step(),
        DeadlineState.LATE: _CLOCK,
        DeadlineState.MET: _BOTH,
        DeadlineState.ENDED: _BOTH,
    },
    DeadlineState.PAUSED: {DeadlineState.RUNNING: Step(), DeadlineState.MET: _BOTH, DeadlineState.ENDED: _BOTH},
    DeadlineState.LATE: {
        DeadlineState.PAUSED: Step(),
        # A list of holidays that arrives late can move the last day.
        DeadlineState.RUNNING: _CLOCK,
        DeadlineState.MET: _BOTH,
        DeadlineState.ENDED: _BOTH,
    },
}
