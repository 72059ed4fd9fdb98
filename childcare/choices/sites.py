"""Running modes and states of care sites, kinds of safety papers, and roles of those who work there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class RunMode(models.TextChoices):
    """Who runs a care site, and so answers for it (谁主办谁负责, domain.md L5)."""

    EMPLOYER = "employer", _("Employer")
    UNION = "union", _("Trade union")
    SOCIAL = "social", _("Social organisation")
    SCHOOL = "school", _("School or kindergarten")


class SiteState(models.TextChoices):
    IN_USE = "in_use", _("In use")
    ENDED = "ended", _("Closed for good")


SITE_TRANSITIONS = {SiteState.IN_USE: {SiteState.ENDED: Step()}, SiteState.ENDED: {}}


class PaperKind(models.TextChoices):
    """The papers without which no class may open (domain.md B7)."""

    FIRE = "fire", _("Fire safety check")
    BUILDING = "building", _("Building safety check")
    FOOD = "food", _("Food permit")
    INSURANCE = "insurance", _("Accident insurance of the children")
    PLAN = "plan", _("Emergency plan")
    LETTER = "letter", _("Signed letter of responsibility")


class StaffRole(models.TextChoices):
    """The three kinds of teachers and of volunteers (三师三志愿, domain.md L7)."""

    CLASS_TEACHER = "class_teacher", _("Class teacher")
    SUBJECT_TEACHER = "subject_teacher", _("Subject teacher")
    LIFE_TEACHER = "life_teacher", _("Life teacher")
    STUDENT = "student", _("Student volunteer")
    MODEL_WORKER = "model_worker", _("Model worker volunteer")
    HELPER = "helper", _("Other volunteer")


# Who may read the names of the children.
READERS = (StaffRole.CLASS_TEACHER, StaffRole.LIFE_TEACHER)
