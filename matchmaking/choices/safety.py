"""States and choices of blocks and reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    HARASSMENT = "harassment", _("Harassment")
    FALSE_PROFILE = "false_profile", _("False profile information")
    NOT_SINGLE = "not_single", _("Is not single")
    MONEY = "money", _("Asks for money or sells something")
    LEAK = "leak", _("Discloses private information")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    OPEN = "open", _("New")
    HANDLING = "handling", _("Being handled")
    SUBSTANTIATED = "substantiated", _("Substantiated")
    UNFOUNDED = "unfounded", _("Not substantiated")


REPORT_TRANSITIONS = {
    ReportState.OPEN: {ReportState.HANDLING},
    ReportState.HANDLING: {ReportState.SUBSTANTIATED, ReportState.UNFOUNDED, ReportState.OPEN},
    ReportState.SUBSTANTIATED: set(),
    ReportState.UNFOUNDED: {ReportState.HANDLING},
}


class SettledAs(models.TextChoices):
    """The final states of a report."""

    SUBSTANTIATED = ReportState.SUBSTANTIATED.value, ReportState.SUBSTANTIATED.label
    UNFOUNDED = ReportState.UNFOUNDED.value, ReportState.UNFOUNDED.label
