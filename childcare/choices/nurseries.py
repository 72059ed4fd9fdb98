"""Modes of nurseries and the age bands of their places."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NurseryMode(models.TextChoices):
    """Who runs a nursery of an employer (domain.md B7)."""

    OWN = "own", _("Built by the employer")
    PARK = "park", _("For the employers of one park")
    PARTNER = "partner", _("Employer with a provider")
    KINDERGARTEN = "kindergarten", _("Nursery class of a kindergarten")
    MEDICAL = "medical", _("With a medical institution")


class AgeBand(models.TextChoices):
    """The age bands of nursery places (国卫人口发〔2019〕58号): 6 to 12, 12 to 24, 24 to 36 months, mixed from 18."""

    INFANT = "infant", _("6 to 12 months")
    TODDLER = "toddler", _("12 to 24 months")
    OLDER = "older", _("24 to 36 months")
    MIXED = "mixed", _("Mixed, 18 to 36 months")
