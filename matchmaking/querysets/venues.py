"""Querysets of venues: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from matchmaking.querysets.series import SharedDownQuerySet

if TYPE_CHECKING:
    from matchmaking.models import Venue


class VenueQuerySet(SharedDownQuerySet["Venue"]):
    """Venues of the library."""

    def for_list(self) -> Self:
        return self.select_related("organization", "region")
