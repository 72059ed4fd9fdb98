"""Which nurseries a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.locations.querysets import LocatedQuerySet

if TYPE_CHECKING:
    from childcare.models import Nursery, NurseryPlaces


class NurseryQuerySet(  # type: ignore[override]  # each base has a manager class of its own for mypy
    LocatedQuerySet["Nursery"], OrgScopedQuerySet["Nursery"]
):
    """Nurseries by the union that is responsible for them."""

    area = Area.CHILDCARE

    def in_use(self) -> Self:
        """Return the nurseries that are not closed."""
        return self.filter(closed_on=None)

    def for_list(self) -> Self:
        return self.select_related("organization", "region")


class NurseryPlacesQuerySet(OrgScopedQuerySet["NurseryPlaces"]):
    """Places of nurseries, seen by those who see the nursery by a duty."""

    area = Area.CHILDCARE
    path_lookup = "nursery__organization__path"

    def for_list(self) -> Self:
        return self.select_related("nursery__organization")
