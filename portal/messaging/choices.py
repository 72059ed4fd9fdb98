from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In the portal")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")


class MessageState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Sending failed")


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ReminderState(models.TextChoices):
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Not sent: expired, or not wanted by the recipient")


# Apps whose messages reach provisional accounts and accounts with closed private pages: news of accounts, and notices.
OPEN_AREAS = ("members", "notices", "messaging")


def area_of(kind: str) -> str:
    """Return the app of a kind of message: ``notices`` of ``notices.posted``."""
    return kind.partition(".")[0]


def quiet_until(now: datetime) -> datetime | None:
    """Return when the quiet hours that contain ``now`` end; None outside quiet hours."""
    if not settings.QUIET_HOURS:
        return None
    begins, ends = settings.QUIET_HOURS
    local = timezone.localtime(now)
    morning = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    if local.hour < ends:
        return morning
    return morning + timedelta(days=1) if local.hour >= begins else None
