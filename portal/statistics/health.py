"""Health checks: whether figures are recounted, and whether they were right before."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.health import Check
from portal.messaging.models import Touch
from portal.statistics.choices import RecountKind
from portal.statistics.models import Recount

NIGHT = timedelta(hours=26)
LATE = timedelta(minutes=2)
RECOUNTS, FAULTS = "admin:statistics_recount_changelist", "admin:statistics_figurefault_changelist"


def checks() -> list[Check]:
    """Return the checks on figures: the last full recount, what it corrected, the oldest touch."""
    now = timezone.now()
    last = Recount.objects.filter(kind=RecountKind.FULL).order_by("-pk").first()
    is_fresh = last is not None and last.finished_at > now - NIGHT
    oldest = Touch.objects.order_by("pk").values_list("created_at", flat=True).first()
    age = int((now - oldest).total_seconds()) if oldest else 0
    return [
        Check(
            "recount",
            is_fresh,
            _("Last full recount of figures"),
            timezone.localtime(last.finished_at).strftime("%Y-%m-%d %H:%M") if last else _("None yet"),
            grave=False,
            place=(RECOUNTS, ""),
        ),
        Check(
            "figures",
            last is None or last.mended == 0,
            _("Figures corrected by the last full recount"),
            last.mended if last else 0,
            grave=False,
            place=(FAULTS, ""),
        ),
        Check(
            "touches",
            age <= LATE.total_seconds(),
            _("Oldest change not yet in the figures"),
            _("%(count)s s late") % {"count": age},
            grave=False,
            figures={"oldest_touch_seconds": age},
        ),
    ]
