"""Health checks: the audit is sealed, where seals are kept, and the serving role cannot change it."""

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
    """Return the findings on the rights of the serving role and on the seals.

    The rights are faulty, and /readyz is red, if that role could change the audit. The seals are faulty if an entry of
    the last day has waited too long for a seal; without the model of seals there is no such finding.
    """
    with connection.cursor() as cursor:
        excess = privileges.audit_excess(cursor)
    found = [
        Check(
            "audit_rights",
            not excess,
            _("Audit entries cannot be changed"),
            "; ".join(excess) or _("Insert and read only"),
        )
    ]
    try:
        seals = apps.get_model("audit", "AuditSeal")
    except LookupError:
        return found
    now = timezone.now()
    waiting = AuditEntry.objects.filter(at__gt=now - LOOKED_BACK, at__lt=now - LATE, sealed=None).exists()
    latest = seals._default_manager.order_by("-pk").values_list("at", flat=True).first()
    words = timezone.localtime(latest).strftime("%Y-%m-%d %H:%M:%S") if latest else _("never")
    return [*found, Check("seal", not waiting, _("Last audit seal"), words, grave=False)]
