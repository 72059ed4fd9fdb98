"""Kinds of hosts, days of the week, and the states of a rights station."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class HostKind(models.TextChoices):
    """The kind of body that hosts a rights station."""

    ARBITRATION = "arbitration", _("Labour dispute arbitration")
    COURT = "court", _("Court")
    MEDIATION = "mediation", _("Mediation centre")
    LEGAL_AID = "legal_aid", _("Legal aid centre")
    UNION = "union", _("Trade union service centre")
    PARK = "park", _("Industrial park or town")


class StationState(models.TextChoices):
    OPEN = "open", _("Open to visitors")
    PAUSED = "paused", _("Temporarily closed")
    ENDED = "ended", _("Closed for good")


STATION_TRANSITIONS = {
    StationState.OPEN: {StationState.PAUSED: Step(), StationState.ENDED: Step()},
    StationState.PAUSED: {StationState.OPEN: Step(), StationState.ENDED: Step()},
    StationState.ENDED: {},
}


class Weekday(models.IntegerChoices):
    """Days of the week, numbered as in ``date.weekday``."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
