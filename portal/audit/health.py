"""Whether the audit is sealed, where seals are kept."""

from datetime import timedelta

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.health import Check

LATE = timedelta(minutes=10)


def checks():
    """Return the finding on the latest seal; without a model of that name there is none."""
    try:
        model = apps.get_model("audit", "AuditSeal")
    except LookupError:
        return []
    field = next((f.name for f in model._meta.fields if f.name in ("at", "sealed_at", "created_at")), None)
    latest = model._default_manager.order_by("-pk").values_list(field, flat=True).first() if field else None
    if latest is None:
        return [Check("seal", True, _("Last seal of the audit"), _("never"), grave=False)]
    words = timezone.localtime(latest).strftime("%Y-%m-%d %H:%M:%S")
    return [Check("seal", timezone.now() - latest <= LATE, _("Last seal of the audit"), words, grave=False)]
