"""Which settlements of classes a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from childcare.models import TermResult


class TermResultQuerySet(OrgScopedQuerySet["TermResult"]):
    """Settlements, scoped by the union responsible for the site."""

    area = Area.CHILDCARE
    path_lookup = "term__site__organization__path"

    def confirmed(self) -> Self:
        """Settlements that a second person confirmed: those in the statistics."""
        return self.filter(confirmed_at__isnull=False)

    def for_list(self) -> Self:
        return self.select_related("term__site__organization", "settled_by", "confirmed_by")
