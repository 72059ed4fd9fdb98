"""States and choices of demands for events."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DemandState(models.TextChoices):
    OPEN = "open", _("Waiting")
    PLANNED = "planned", _("Event planned")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


DEMAND_TRANSITIONS = {
    DemandState.OPEN: {DemandState.PLANNED, DemandState.DECLINED, DemandState.WITHDRAWN},
    DemandState.PLANNED: {DemandState.OPEN},
    DemandState.DECLINED: {DemandState.OPEN},
    DemandState.WITHDRAWN: set(),
}
