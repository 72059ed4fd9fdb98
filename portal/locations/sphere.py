"""Where a row lies on the unit sphere, as an SQL expression by which rows are ordered and indexed.

The extension ``cube`` orders three-dimensional points by distance on a GiST index. The straight distance on the unit
sphere grows with the distance over its surface, so both give the same order.
"""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import ASin, Least

from portal.locations.choices import Datum
from portal.locations.datums import converted
from portal.locations.distances import EARTH_RADIUS

if TYPE_CHECKING:
    from typing import Any

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    from portal.locations.datums import Point

    Sql = tuple[str, tuple[str | int, ...]]


class OnSphere(Func):
    """The place of the columns ``longitude`` and ``latitude`` on the unit sphere; NULL without a place."""

    output_field = models.TextField()

    def __init__(self, longitude: Any = "longitude", latitude: Any = "latitude") -> None:
        super().__init__(longitude, latitude)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:  # type: ignore[override]
        (x, x_values), (y, y_values) = (compiler.compile(part) for part in self.get_source_expressions())
        # Built up one dimension at a time: an array with NULL would be an error.
        sql = f"cube(cube(cube(cosd({y}) * cosd({x})), cosd({y}) * sind({x})), sind({y}))"
        return sql, (*y_values, *x_values, *y_values, *x_values, *y_values)


class Chord(Func):
    """The straight distance between rows and a point on the unit sphere, between 0 and 2."""

    template = "(%(expressions)s)"
    arg_joiner = " <-> "
    output_field = models.FloatField()

    def __init__(self, point: Point) -> None:
        wgs = converted(point, Datum.WGS84)
        east, north = radians(wgs.longitude), radians(wgs.latitude)
        here = Value(f"({cos(north) * cos(east)!r}, {cos(north) * sin(east)!r}, {sin(north)!r})")
        super().__init__(OnSphere(), Func(here, template="%(expressions)s::cube", output_field=models.TextField()))


def metres_of(chord: Any) -> Any:
    """Return the expression of the great-circle metres of a straight distance on the unit sphere."""
    half = Least(F(chord) / 2.0, Value(1.0), output_field=models.FloatField())
    return ASin(half, output_field=models.FloatField()) * (2.0 * EARTH_RADIUS)


def nearest_index(name: str) -> GistIndex:
    """Return the index that ``LocatedQuerySet.nearest`` needs, for the ``Meta.indexes`` of a concrete model."""
    return GistIndex(OnSphere(), name=name)
