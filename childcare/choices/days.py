"""States of a child on one day of a class, why it is absent, and whom a child is given to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class AttendanceState(models.TextChoices):
    EXPECTED = "expected", _("Not here yet")
    HERE = "here", _("Here")
    AWAY = "away", _("Absent")
    COLLECTED = "collected", _("Collected")


# A child that is here cannot become absent: it leaves with somebody. Each mistake can be taken back on the same day.
ATTENDANCE_TRANSITIONS = {
    AttendanceState.EXPECTED: {AttendanceState.HERE: Step(), AttendanceState.AWAY: Step()},
    AttendanceState.HERE: {AttendanceState.COLLECTED: Step(), AttendanceState.EXPECTED: Step()},
    AttendanceState.AWAY: {AttendanceState.HERE: Step(), AttendanceState.EXPECTED: Step()},
    AttendanceState.COLLECTED: {AttendanceState.HERE: Step()},
}


class Absence(models.TextChoices):
    """Why a child does not come."""

    ILL = "ill", _("Ill")
    FAMILY = "family", _("Family reasons")
    TRAVEL = "travel", _("On a journey")
    OTHER = "other", _("Another reason, told to the teachers")


class OutingKind(models.TextChoices):
    ON_FOOT = "on_foot", _("On foot")
    VEHICLE = "vehicle", _("In a vehicle")


class PickUpOutcome(models.TextChoices):
    """What became of an attempt to collect a child; only the first lets the child go."""

    RELEASED = "released", _("Collected")
    UNLISTED = "unlisted", _("Not on the list of the child")
    BARRED = "barred", _("Barred by a court or an authority")
    WRONG_CODE = "wrong_code", _("No such code")
    OTHER_DAY = "other_day", _("Code of another day")
    REPLACED = "replaced", _("Code replaced by a newer one")
    USED = "used", _("Code used already")
    OTHER_CHILD = "other_child", _("Code for another child")
