"""Whether the audit is sealed, where seals are kept, and out of reach of the role that serves."""

from datetime import timedelta

from django.apps import apps
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.core import privileges
from portal.core.health import Check

LATE = timedelta(minutes=10)
LOOKED_BACK = timedelta(days=1)


def checks() -> list[Check]:
    """Return the findings on the serving role's rights and on seals.

    The rights are ill, and red, when that role could change the audit; the seals when an entry of the last day waits
    too long, and without seals there is none.
    """
    with connection.cursor() as cursor:
        excess = privileges.audit_excess(cursor)
    found = [Check("audit_rights", not excess, _("Audit out of reach"), "; ".join(excess) or _("Insert and read only"))]
    try:
        seals = apps.get_model("audit", "AuditSeal")
    except LookupError:
        return found
    now = timezone.now()
    waiting = AuditEntry.objects.filter(at__gt=now - LOOKED_BACK, at__lt=now - LATE, sealed=None).exists()
    latest = seals._default_manager.order_by("-pk").values_list("at", flat=True).first()
    words = timezone.localtime(latest).strftime("%Y-%m-%d %H:%M:%S") if latest else _("never")
    return [*found, Check("seal", not waiting, _("Last seal of the audit"), words, grave=False)]
