"""States and choices of partners of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerKind(models.TextChoices):
    UNION = "union", _("Union")
    YOUTH_LEAGUE = "youth_league", _("Youth league")
    PROVINCIAL_ORGANS = "provincial_organs", _("Provincial government departments")
    ARMED_FORCES = "armed_forces", _("Armed forces")
    POLICE = "police", _("Police")
    MEDIA = "media", _("Media")
    EMPLOYER = "employer", _("Employer")
    OTHER = "other", _("Other")
