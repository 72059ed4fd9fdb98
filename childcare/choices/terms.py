"""Courses and states of class terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class Course(models.TextChoices):
    """What a holiday class offers; school subjects are not taught in holidays (domain.md B7, “双减”)."""

    HOMEWORK = "homework", _("Homework under supervision")
    READING = "reading", _("Reading")
    ART = "art", _("Art and handicraft")
    MUSIC = "music", _("Music and dance")
    SPORTS = "sports", _("Sports")
    SCIENCE = "science", _("Science and experiments")
    ROLES = "roles", _("Trying out professions")
    SAFETY = "safety", _("Safety and first aid")
    TRADITION = "tradition", _("Traditional culture")


class TermState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    CHECKED = "checked", _("Safety papers checked")
    ENROLLING = "enrolling", _("Announced")
    CANCELLED = "cancelled", _("Cancelled")


TERM_TRANSITIONS = {
    TermState.PLANNED: {TermState.CHECKED: Step(), TermState.CANCELLED: Step()},
    TermState.CHECKED: {TermState.ENROLLING: Step(), TermState.PLANNED: Step(), TermState.CANCELLED: Step()},
    TermState.ENROLLING: {TermState.CANCELLED: Step()},
    TermState.CANCELLED: {},
}
# The states in which a term may still be changed.
CHANGING = (TermState.PLANNED, TermState.CHECKED, TermState.ENROLLING)
