from django.db import models
from django.utils.translation import gettext_lazy as _


class RecountKind(models.TextChoices):
    FULL = "full", _("Everything")
    TOUCHED = "touched", _("What was touched")
