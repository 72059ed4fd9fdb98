"""Querysets of rows that lie somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from portal.locations.sphere import Chord, metres_of

if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import TypeVar

    from portal.locations.datums import Point
    from portal.locations.maps import Window

    Row = TypeVar("Row", bound=models.Model, covariant=True, default=Any)


class LocatedQuerySet(models.QuerySet["Row"]):
    """Rows of a ``Located`` model; stands before ``OrgScopedQuerySet`` in the bases of a queryset.

    ``class RoomQuerySet(LocatedQuerySet["Room"], OrgScopedQuerySet["Room"])`` keeps ``visible_to``.
    """

    def placed(self) -> Self:
        """Rows with a position."""
        return self.filter(longitude__isnull=False)

    def unplaced(self) -> Self:
        """Rows without a position."""
        return self.filter(longitude__isnull=True)

    def inside(self, window: Window) -> Self:
        """Rows within the part of the earth that a map shows."""
        return self.filter(
            longitude__gte=window.west,
            longitude__lte=window.east,
            latitude__gte=window.south,
            latitude__lte=window.north,
        )

    def nearest(self, point: Point) -> Self:
        """Rows with a position, nearest first, each with ``metres``, the great-circle distance to ``point``.

        The order is read from the model's ``nearest_index``; rows at the same place follow by pk. A slice of the result
        reads only as many rows of the index as it needs.
        """
        rows = self.placed().annotate(chord=Chord(point))
        return rows.annotate(metres=metres_of("chord")).order_by("chord", "pk")
