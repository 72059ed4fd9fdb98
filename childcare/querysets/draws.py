"""Which draws a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from childcare.choices.terms import TermState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from childcare.models import TermDraw


class TermDrawQuerySet(OrgScopedQuerySet["TermDraw"]):
    """Draws, scoped by the union responsible for the site; everybody reads those of announced terms."""

    area = Area.CHILDCARE
    path_lookup = "term__site__organization__path"

    def open_to_all(self) -> Self:
        """The draws of terms that were not cancelled."""
        return self.exclude(term__state=TermState.CANCELLED)

    def for_list(self) -> Self:
        return self.select_related("term__site__organization")
