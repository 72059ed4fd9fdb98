"""States and choices of letters to units about events."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterTo(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed participants")
    WAITING = "waiting", _("Waiting list")
    EVERYONE = "everyone", _("Both")
