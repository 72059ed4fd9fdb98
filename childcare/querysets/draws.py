"""Which draws a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from childcare.models import TermDraw


class TermDrawQuerySet(OrgScopedQuerySet["TermDraw"]):
    """Draws, scoped by the union responsible for the site; everybody reads them by their address."""

    area = Area.CHILDCARE
    path_lookup = "term__site__organization__path"

    def for_list(self) -> Self:
        return self.select_related("term__site__organization")
