"""Outlines as data files: in which province positions are accepted, and where map services shift them.

Pure calculation over two small files; no map is drawn from them. A file holds ``ring``, a list of pairs of longitude
and latitude in WGS-84 in the order of the outline.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.conf import settings

Ring = tuple[tuple[float, float], ...]
SHIFTED = Path(__file__).with_name("data") / "shifted.json"
PROVINCE = Path(__file__).with_name("data") / "province.json"
LEAST_CORNERS = 3


@cache
def ring(path: Path) -> Ring:
    """Return the outline in a file; ValueError if it is none."""
    corners = tuple((float(x), float(y)) for x, y in json.loads(path.read_text(encoding="utf-8"))["ring"])
    if len(corners) < LEAST_CORNERS or not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in corners):
        raise ValueError(f"{path.name} holds no outline of longitudes and latitudes")
    return corners


def encloses(outline: Ring, longitude: float, latitude: float) -> bool:
    """Return whether a position in WGS-84 lies inside ``outline`` (even-odd rule)."""
    inside = False
    before_x, before_y = outline[-1]
    for x, y in outline:
        if (y > latitude) != (before_y > latitude):
            crossing = x + (latitude - y) * (before_x - x) / (before_y - y)
            inside ^= longitude < crossing
        before_x, before_y = x, y
    return inside


def in_province(longitude: float, latitude: float) -> bool:
    """Return whether a position in WGS-84 lies inside the outline of the portal's province.

    The file is that of the setting MAP_PROVINCE_OUTLINE; without one it is Heilongjiang. That outline is generalised:
    at Heihe and Mingshan, where a foreign town faces the bank, it follows the middle of the river to about 0.1 km,
    along the rest of the state border to about 3 km, and inland it lies 15 km beyond the province. It includes
    Jiagedaqi and Songling, which the province administers.
    """
    return encloses(ring(Path(settings.MAP_PROVINCE_OUTLINE or PROVINCE)), longitude, latitude)


def is_shifted(longitude: float, latitude: float) -> bool:
    """Return whether map services of the mainland shift a position in WGS-84.

    The province's own outline decides within it and along its border; elsewhere a coarse one does (data/shifted.json),
    which also covers Hong Kong and Macau, because Amap shifts there.
    """
    return in_province(longitude, latitude) or encloses(ring(SHIFTED), longitude, latitude)
