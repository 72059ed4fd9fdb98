"""Whether messages leave and jobs end."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.health import Check
from portal.messaging.choices import JobState, MessageState
from portal.messaging.models import Job, Message, OutboxHold

LATE = timedelta(minutes=5)
CAP = 1000
JOBS, MESSAGES = "admin:messaging_job_changelist", "admin:messaging_message_changelist"


def checks():
    """Return the findings on outbox and jobs; counts stop at a thousand."""
    now = timezone.now()
    oldest = Message.objects.due().order_by("due_at").values_list("due_at", flat=True).first()
    age = int((now - oldest).total_seconds()) if oldest else 0
    stuck = Job.objects.to_dispatch(again_after=LATE).filter(created_at__lt=now - LATE)[:CAP].count()
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__gt=now - timedelta(days=7))[:CAP].count()
    dead = Message.objects.filter(state=MessageState.DEAD)[:CAP].count()
    held = OutboxHold.objects.first()
    return [
        Check("outbox", age <= LATE.total_seconds(), _("Oldest message due"), _("%(count)s s late") % {"count": age}),
        Check("jobs", stuck == 0, _("Jobs that wait too long"), stuck, place=(JOBS, "?state__exact=queued")),
        Check(
            "jobs_failed",
            failed == 0,
            _("Jobs failed in seven days"),
            failed,
            grave=False,
            place=(JOBS, "?state__exact=failed"),
        ),
        Check(
            "dead_letters", dead == 0, _("Messages given up"), dead, grave=False, place=(MESSAGES, "?state__exact=dead")
        ),
        Check(
            "outbox_open",
            held is None,
            _("Outbox"),
            _("Held: this is a restored copy") if held else _("Messages go out"),
            grave=False,
        ),
    ]
