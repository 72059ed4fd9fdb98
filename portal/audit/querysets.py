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
    """Audit entries by the organisation that their row belonged to; audit administrators read them."""

    area = Area.AUDIT
    path_lookup = "organization_path"

    def reached_by(self, actor: Member, capability: Capability) -> Self:
        """Return the entries in the actor's reach; those of no organisation belong to the root, ``/1/``.

        A refused sign-in is an example of an entry without an organisation.
        """
        found = super().reached_by(actor, capability)
        reach = actor.reach(self.area, capability) if getattr(actor, "is_authenticated", False) else []
        at_root = any(path.count("/") == 2 for path in reach)
        return found | self.filter(organization_path="") if at_root else found

    def about(self, instance: models.Model) -> Self:
        """Return the entries on one row, newest first: its history."""
        return self.filter(about_model=instance._meta.label_lower, about_id=instance.pk).order_by("-id")

    def unsealed(self, since: datetime | None = None) -> Self:
        """Return the committed entries that no seal holds yet.

        This is an anti-join, because an entry with a low id may be committed late. ``since`` limits it to entries from
        then on, so that it costs as much as one day's entries and not those of all years.
        """
        waiting = self.filter(sealed=None)
        return (waiting.filter(at__gte=since) if since else waiting).order_by("pk")

    def for_list(self) -> Self:
        """Return the entries, the newest first."""
        return self.order_by("-id")


class SealQuerySet(models.QuerySet[Row]):
    """Seals belong to no organisation, because they reveal nothing about the entries they cover."""

    def emptied_at(self) -> datetime | None:
        """Return when a seal last took every waiting entry, or None."""
        return self.filter(complete=True).order_by("-number").values_list("at", flat=True).first()

    def visible_to(self, actor: Member) -> Self:
        """Return all seals to an actor who may read the audit at any organisation, and none to others."""
        reads = getattr(actor, "is_authenticated", False) and actor.reach(Area.AUDIT, Capability.VIEW)
        return self.all() if reads else self.none()
