"""Kinds and states of safety incidents."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class IncidentKind(models.TextChoices):
    INJURY = "injury", _("Injury")
    ILLNESS = "illness", _("Illness or allergic reaction")
    MISSING = "missing", _("A child was missing")
    FOOD = "food", _("Food")
    BUILDING = "building", _("Fire, building or equipment")
    CONFLICT = "conflict", _("Conflict or violence")
    OTHER = "other_incident", _("Something else")


class IncidentState(models.TextChoices):
    ALARMED = "alarmed", _("Reported, not acknowledged yet")
    NOTED = "noted", _("Acknowledged by the union")
    SETTLED = "settled", _("Settled")


INCIDENT_TRANSITIONS = {
    IncidentState.ALARMED: {IncidentState.NOTED: Step()},
    IncidentState.NOTED: {IncidentState.SETTLED: Step()},
    IncidentState.SETTLED: {},
}
