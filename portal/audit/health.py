"""Whether the audit is sealed, where seals are kept."""

from datetime import timedelta

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.core.health import Check

LATE = timedelta(minutes=10)
LOOKED_BACK = timedelta(days=1)


def checks():
    """Return the finding on seals: ill when an entry of the last day waits too long; without seals there is none."""
    try:
        seals = apps.get_model("audit", "AuditSeal")
    except LookupError:
        return []
    now = timezone.now()
    waiting = AuditEntry.objects.filter(at__gt=now - LOOKED_BACK, at__lt=now - LATE, sealed=None).exists()
    latest = seals._default_manager.order_by("-pk").values_list("at", flat=True).first()
    words = timezone.localtime(latest).strftime("%Y-%m-%d %H:%M:%S") if latest else _("never")
    return [Check("seal", not waiting, _("Last seal of the audit"), words, grave=False)]
