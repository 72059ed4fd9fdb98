"""States and choices of the cases of volunteer matchmakers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseBlock(models.TextChoices):
    NONE = "none", _("Nothing")
    WAITING_FOR_HER = "waiting_for_her", _("Waiting for an answer of the single")
    NO_MATCH = "no_match", _("Nobody suitable yet")
    PROFILE = "profile", _("Profile is incomplete or old")
    PAUSE = "pause", _("Wants a pause")
    OTHER = "other", _("Something else")


class ContactKind(models.TextChoices):
    CALL = "call", _("Call")
    MESSAGE = "message", _("Message")
    VISIT = "visit", _("Conversation")
    ACCOMPANIED = "accompanied", _("Accompanied a meeting")
