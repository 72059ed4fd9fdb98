"""In which city's seat a position lies, to notice a row whose region says another city.

Only the surroundings of a seat are certain; a position elsewhere says nothing.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

from django.db.models import Q

SEATS = Path(__file__).with_name("data") / "seats.json"
# Metres: half the side of the square around a seat that belongs to its city. The next town of another is 19 km east.
AROUND = 15_000
METRES_OF_DEGREE = 111_195

Box = tuple[float, float, float, float]


@cache
def seats() -> dict[str, Box]:
    """Return west, south, east and north (WGS-84) of the square around each seat, by the region code of the city."""
    found = json.loads(SEATS.read_text(encoding="utf-8"))["seats"]
    return {code: _around(float(longitude), float(latitude)) for code, (longitude, latitude) in found.items()}


def _around(longitude: float, latitude: float) -> Box:
    north = AROUND / METRES_OF_DEGREE
    east = north / math.cos(math.radians(latitude))
    return longitude - east, latitude - north, longitude + east, latitude + north


def seat_of(longitude: float, latitude: float) -> str:
    """Return the region code of the city around whose seat a position (WGS-84) lies; "" if it lies at none."""
    for code, (west, south, east, north) in seats().items():
        if west <= longitude <= east and south <= latitude <= north:
            return code
    return ""


def elsewhere(region_lookup: str = "region__code") -> Q:
    """Return the condition that a row lies at the seat of another city than its region says."""
    found = Q(pk__in=())
    for code, (west, south, east, north) in seats().items():
        inside = Q(longitude__range=(west, east), latitude__range=(south, north))
        found |= inside & ~Q(**{f"{region_lookup}__startswith": code[:4]})
    return found
