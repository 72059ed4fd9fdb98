"""States and choices of budgets and costs of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CostKind(models.TextChoices):
    VENUE = "venue", _("Venue")
    CATERING = "catering", _("Food and drink")
    MATERIALS = "materials", _("Materials")
    HOSTS = "hosts", _("Hosts and speakers")
    TRANSPORT = "transport", _("Transport")
    INSURANCE = "insurance", _("Insurance")
    OTHER = "other", _("Other")
