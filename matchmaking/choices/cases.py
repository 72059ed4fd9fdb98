"""States and choices of the cases of volunteer matchmakers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseBlock(models.TextChoices):
    NONE = "none", _("Nothing")
    WAITING_FOR_HER = "waiting_for_her", _("Waiting for the single's answer")
    NO_MATCH = "no_match", _("Nobody suitable yet")
    PROFILE = "profile", _("Profile is incomplete or out of date")
    PAUSE = "pause", _("Wants to pause")
    OTHER = "other", _("Something else")


class ContactKind(models.TextChoices):
    CALL = "call", _("Phone call")
    MESSAGE = "message", _("Message")
    VISIT = "visit", _("Face-to-face talk")
    ACCOMPANIED = "accompanied", _("Accompanied a meeting")
