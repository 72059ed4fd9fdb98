from django.db import models
from django.utils.translation import gettext_lazy as _


class RecountKind(models.TextChoices):
    FULL = "full", _("All figures")
    TOUCHED = "touched", _("Changed figures only")
