"""States and choices of group weddings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class WeddingState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open for applications")
    CLOSED = "closed", _("Applications closed")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


WEDDING_TRANSITIONS = {
    WeddingState.DRAFT: {WeddingState.OPEN: Step(), WeddingState.CANCELLED: Step()},
    WeddingState.OPEN: {WeddingState.CLOSED: Step(time=True), WeddingState.CANCELLED: Step()},
    WeddingState.CLOSED: {WeddingState.HELD: Step(), WeddingState.CANCELLED: Step()},
    WeddingState.HELD: {},
    WeddingState.CANCELLED: {},
}
