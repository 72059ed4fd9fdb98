"""Positions on the earth and their datum: WGS-84, GCJ-02, BD-09. Pure calculation.

Map services of the mainland shift positions by up to a kilometre: Amap and Tencent to GCJ-02, Baidu further to BD-09. A
position therefore always carries its datum, and converting it to the datum that it is already in changes nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.locations.choices import Datum
from portal.locations.outlines import in_province, is_shifted

if TYPE_CHECKING:
    from collections.abc import Callable

    Pair = tuple[float, float]

# The ellipsoid of Krasovsky: its half axis in metres, and the square of its eccentricity.
AXIS = 6_378_245.0
SQUARE = 0.006_693_421_622_965_943
# The inverse is repeated until a step is shorter than this, in degrees: about a millimetre.
SMALL_STEP = 1e-8
MOST_STEPS = 20
# Degrees beyond which nothing is shifted: the formulas are not defined there. Within them the outlines decide.
WEST, EAST, SOUTH, NORTH = 70, 140, 15, 56


@dataclass(frozen=True)
class Point:
    """A position: ``longitude`` and ``latitude`` in degrees, east and north positive, and what they refer to.

    Raises ValueError for an unknown datum and for numbers that are no degrees.
    """

    longitude: float
    latitude: float
    datum: Datum

    def __post_init__(self) -> None:
        object.__setattr__(self, "longitude", float(self.longitude))
        object.__setattr__(self, "latitude", float(self.latitude))
        object.__setattr__(self, "datum", Datum(self.datum))
        if not (-180 <= self.longitude <= 180 and -90 <= self.latitude <= 90):
            raise ValueError("longitude is between -180 and 180 degrees, latitude between -90 and 90")


def converted(point: Point, datum: Datum) -> Point:
    """Return ``point`` in another datum, exact to less than 0.5 m; the same object if it is in that datum already.

    Outside the area in which map services shift positions the numbers stay, only the datum changes.
    """
    if point.datum == datum:
        return point
    gcj = _to_gcj(point)
    if datum == Datum.GCJ02:
        pair = gcj
    elif datum == Datum.BD09:
        pair = gcj if _is_far(*gcj) or not is_shifted(*_inverse(_amap, *gcj)) else _baidu(*gcj)
    else:
        pair = _unshifted(*gcj)
    return Point(*pair, Datum(datum))


def within_province(point: Point) -> bool:
    """Return whether ``point`` lies in the portal's province: see ``portal.locations.outlines.in_province``."""
    wgs = converted(point, Datum.WGS84)
    return in_province(wgs.longitude, wgs.latitude)


def _to_gcj(point: Point) -> Pair:
    pair = point.longitude, point.latitude
    if point.datum == Datum.WGS84:
        return _amap(*pair) if is_shifted(*pair) else pair
    if point.datum == Datum.BD09:
        if _is_far(*pair):
            return pair
        gcj = _inverse(_baidu, *pair)
        return gcj if is_shifted(*_inverse(_amap, *gcj)) else pair
    return pair


def _unshifted(longitude: float, latitude: float) -> Pair:
    if _is_far(longitude, latitude):
        return longitude, latitude
    wgs = _inverse(_amap, longitude, latitude)
    return wgs if is_shifted(*wgs) else (longitude, latitude)


def _is_far(longitude: float, latitude: float) -> bool:
    return not (WEST < longitude < EAST and SOUTH < latitude < NORTH)


def _inverse(shift: Callable[[float, float], Pair], longitude: float, latitude: float) -> Pair:
    """Return the pair that ``shift`` moves to the given one."""
    x, y = longitude, latitude
    for _step in range(MOST_STEPS):
        there_x, there_y = shift(x, y)
        x, y = x + longitude - there_x, y + latitude - there_y
        if abs(longitude - there_x) < SMALL_STEP and abs(latitude - there_y) < SMALL_STEP:
            break
    return x, y


def _amap(longitude: float, latitude: float) -> Pair:
    """Return a WGS-84 position in GCJ-02, by the formula that the map services share."""
    x, y = longitude - 105, latitude - 35
    waves = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    root = math.sqrt(abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y / 30 * math.pi)) * 2 / 3
    angle = math.radians(latitude)
    curve = 1 - SQUARE * math.sin(angle) ** 2
    across = AXIS / math.sqrt(curve) * math.cos(angle) * math.pi / 180
    along = AXIS * (1 - SQUARE) / (curve * math.sqrt(curve)) * math.pi / 180
    return longitude + east / across, latitude + north / along


def _baidu(longitude: float, latitude: float) -> Pair:
    """Return a GCJ-02 position in BD-09."""
    turns = math.pi * 3000 / 180
    radius = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * turns)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * turns)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006
