"""Health checks of messages and jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core import faults
from portal.core.health import Check, in_earnest
from portal.messaging.channels import mail_is_set_up, sms_backend, sms_is_set_up
from portal.messaging.choices import JobState, MessageState
from portal.messaging.models import Job, Message, OutboxHold

if TYPE_CHECKING:
    from django.utils.functional import Promise

LATE = timedelta(minutes=5)
CAP = 1000
# A provider with three failures in a quarter of an hour counts as failing: a single message is tried that often in this
# time.
FAILURES = 3
WITHIN_MINUTES = 15
JOBS, MESSAGES = "admin:messaging_job_changelist", "admin:messaging_message_changelist"


def checks() -> list[Check]:
    """Return the checks of outbox, jobs and channels; counts stop at a thousand."""
    now = timezone.now()
    oldest = Message.objects.due().order_by("due_at").values_list("due_at", flat=True).first()
    age = int((now - oldest).total_seconds()) if oldest else 0
    first = Job.objects.filter(state=JobState.QUEUED).order_by("pk").values_list("created_at", flat=True).first()
    waits = max(int((now - first).total_seconds()), 0) if first else 0
    stuck = Job.objects.to_dispatch(again_after=LATE).filter(created_at__lt=now - LATE)[:CAP].count()
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__gt=now - timedelta(days=7))[:CAP].count()
    dead = Message.objects.filter(state=MessageState.DEAD)[:CAP].count()
    held = OutboxHold.objects.first()
    return [
        Check(
            "outbox",
            age <= LATE.total_seconds(),
            _("Oldest message that is due"),
            _("%(count)s s late") % {"count": age},
            figures={"oldest_message_seconds": age},
        ),
        Check(
            "jobs",
            stuck == 0,
            _("Jobs waiting too long"),
            stuck,
            place=(JOBS, "?state__exact=queued"),
            figures={"jobs_stuck": stuck, "oldest_job_seconds": waits},
        ),
        Check(
            "jobs_failed",
            failed == 0,
            _("Jobs that failed in the last seven days"),
            failed,
            grave=False,
            place=(JOBS, "?state__exact=failed"),
            figures={"jobs_failed_7d": failed},
        ),
        Check(
            "dead_letters",
            dead == 0,
            _("Messages that could not be sent"),
            dead,
            grave=False,
            place=(MESSAGES, "?state__exact=dead"),
            figures={"messages_given_up": dead},
        ),
        _way_out("sms", _("Text messages"), faults.SMS, sms_is_set_up() and not sms_backend().missing()),
        _way_out("email", _("E-mail"), faults.EMAIL, mail_is_set_up()),
        Check(
            "outbox_open",
            held is None,
            _("Outbox"),
            _("Paused: this is a restored copy") if held else _("Messages are being sent"),
            grave=False,
        ),
    ]


def _way_out(name: str, label: str | Promise, kind: str, is_set_up: bool) -> Check:
    """Return the check of a channel: whether it is set up, and how often its provider failed lately."""
    count = faults.counted(kind, minutes=WITHIN_MINUTES) if is_set_up else 0
    figures = {f"{name}_set_up": int(is_set_up), f"{name}_failures_15m": count}
    if not is_set_up:
        return Check(name, not in_earnest(), label, _("Not set up: no messages are sent"), grave=False, figures=figures)
    words = _("%(count)s failures in fifteen minutes") % {"count": count}
    return Check(name, count < FAILURES, label, words, grave=False, figures=figures)
