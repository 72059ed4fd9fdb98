"""Which entries a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import models

from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from portal.audit.models import AuditEntry
    from portal.members.models import Member

Row = TypeVar("Row", bound=models.Model, covariant=True)


class AuditEntryQuerySet(OrgScopedQuerySet["AuditEntry"]):
    """Entries by the organisation their row belonged to; audit administrators read them."""

    area = Area.AUDIT
    path_lookup = "organization_path"

    def reached_by(self, actor: Member, capability: Capability) -> Self:
        """Her reach; entries of no place, such as a refused sign-in, belong to the root: ``/1/``."""
        found = super().reached_by(actor, capability)
        reach = actor.reach(self.area, capability) if getattr(actor, "is_authenticated", False) else []
        at_root = any(path.count("/") == 2 for path in reach)
        return found | self.filter(organization_path="") if at_root else found

    def about(self, instance: models.Model) -> Self:
        """Entries on one row, the newest first: its history."""
        return self.filter(about_model=instance._meta.label_lower, about_id=instance.pk).order_by("-id")

    def unsealed(self, since: datetime | None = None) -> Self:
        """Committed entries that no seal holds yet: an anti-join, because a low id may be committed late.

        ``since`` bounds it to entries from then on, so that its cost is that of a day and not of all years.
        """
        waiting = self.filter(sealed=None)
        return (waiting.filter(at__gte=since) if since else waiting).order_by("pk")

    def for_list(self) -> Self:
        """Return the entries, the newest first."""
        return self.order_by("-id")


class SealQuerySet(models.QuerySet[Row]):
    """Seals belong to no place: they say nothing of what they cover."""

    def emptied_at(self) -> datetime | None:
        """Return when a seal last took all that waited, or None."""
        return self.filter(complete=True).order_by("-number").values_list("at", flat=True).first()

    def visible_to(self, actor: Member) -> Self:
        """Return all of them to whoever reads the audit somewhere."""
        reads = getattr(actor, "is_authenticated", False) and actor.reach(Area.AUDIT, Capability.VIEW)
        return self.all() if reads else self.none()
