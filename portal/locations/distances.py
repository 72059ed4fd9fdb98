"""Distances over the surface of the earth, taken as a sphere. Pure calculation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from portal.locations.choices import Datum
from portal.locations.datums import converted

if TYPE_CHECKING:
    from portal.locations.datums import Point

# Metres: the mean radius of the earth. Rows are ordered by the same sphere (portal.locations.sphere).
EARTH_RADIUS = 6_371_000


def metres_between(one: Point, other: Point) -> float:
    """Return the great-circle distance in metres; each point may be in its own datum."""
    one, other = converted(one, Datum.WGS84), converted(other, Datum.WGS84)
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(half, 1)))
