"""Which entries a reader sees."""

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet


class AuditEntryQuerySet(OrgScopedQuerySet):
    """Entries by the organisation their row belonged to; audit administrators read them."""

    area = Area.AUDIT
    path_lookup = "organization_path"

    def about(self, instance):
        """Entries on one row, the newest first: its history."""
        return self.filter(about_model=instance._meta.label_lower, about_id=instance.pk).order_by("-id")
