"""States and choices of the vetting of profiles and appeals."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppealState(models.TextChoices):
    OPEN = "open", _("Waiting for a decision by the level above")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


APPEAL_TRANSITIONS = {
    AppealState.OPEN: {AppealState.UPHELD, AppealState.DISMISSED},
    AppealState.UPHELD: set(),
    AppealState.DISMISSED: set(),
}
