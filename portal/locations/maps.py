"""What a map shows: pins in the datum of its tiles, those too close together as one. Pure calculation.

``components/map.html`` shows a ``Map``; ``static/locations/map.js`` draws it. The list beside it holds the same rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext, ngettext

from portal.core.text import whole_number
from portal.locations.choices import Datum
from portal.locations.datums import Point, converted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

# Pixels: pins closer than a finger are shown as one. A tile has TILE pixels at every zoom.
FINGER, TILE = 48, 256
LEAST_ZOOM, MOST_ZOOM = 4, 18
# Degrees: places closer than this (about 10 m) are one stack, which no zoom takes apart.
STACK = 0.0001
# The latitude at which the square of a web map ends.
EDGE = 85.05


@dataclass(frozen=True)
class Pin:
    """One row on a map, or several at one place.

    ``key`` is the id of the row in the list beside the map ("place-12"), ``url`` its page. ``tone`` is a tone of the
    portal (good, bad, wait, quiet), ``sign`` one character that says of what kind the row is; ``label`` says both in
    words too.
    """

    point: Point
    label: str
    url: str = ""
    key: str = ""
    tone: str = "quiet"
    sign: str = ""
    members: tuple[Pin, ...] = ()


@dataclass(frozen=True)
class Window:
    """The part of the earth that a map shows, in WGS-84, and its zoom."""

    west: float
    south: float
    east: float
    north: float
    zoom: int


@dataclass(frozen=True)
class Map:
    """A map: its pins, the reader's own position if known, and where pins of other parts are read from."""

    pins: tuple[Pin, ...] = field(default=())
    here: Point | None = None
    pins_url: str = ""

    @property
    def source(self) -> str:
        """The source and the approval of the tiles, which every map shows; "" without tiles."""
        if not settings.MAP_TILES_URL:
            return ""
        return f"{settings.MAP_TILES_SOURCE} · {settings.MAP_TILES_APPROVAL}"

    @property
    def data(self) -> dict[str, Any]:
        """Everything that the script reads, as JSON can hold it."""
        tiles = {
            "url": settings.MAP_TILES_URL,
            "servers": settings.MAP_TILES_SERVERS,
            "most": settings.MAP_TILES_MOST_ZOOM,
        }
        return {
            "tiles": tiles if settings.MAP_TILES_URL else None,
            "pins": pins_data(self.pins),
            "here": None if self.here is None else _at(self.here),
            "more": self.pins_url,
            "words": {"in": gettext("Zoom in"), "out": gettext("Zoom out"), "here": gettext("Your position")},
        }


def tiles_datum() -> Datum:
    """Return the datum in which positions are drawn: that of the tiles, WGS-84 on the plain grid."""
    return Datum(settings.MAP_TILES_DATUM) if settings.MAP_TILES_URL else Datum.WGS84


def pins_data(pins: Iterable[Pin]) -> list[dict[str, Any]]:
    """Return pins as JSON can hold them, in the datum of the tiles."""
    return [
        {
            "at": _at(pin.point),
            "label": pin.label,
            "url": pin.url,
            "key": pin.key,
            "tone": pin.tone,
            "sign": pin.sign,
            "members": pins_data(pin.members),
        }
        for pin in pins
    ]


def _at(point: Point) -> list[float]:
    there = converted(point, tiles_datum())
    return [round(there.latitude, 6), round(there.longitude, 6)]


def read_window(values: Mapping[str, str]) -> Window | None:
    """Return the window that the script asks for, None if there is none.

    "box" is west,south,east,north as drawn, in the datum of the tiles; "zoom" is a whole number.
    """
    zoom = whole_number(values.get("zoom"), MOST_ZOOM)
    try:
        west, south, east, north = (float(part) for part in values.get("box", "")[:200].split(","))
        low, high = (
            converted(Point(x, y, tiles_datum()), Datum.WGS84)
            for x, y in ((max(west, -180), max(south, -90)), (min(east, 180), min(north, 90)))
        )
    except ValueError:
        return None
    if zoom is None or low.longitude > high.longitude or low.latitude > high.latitude:
        return None
    return Window(low.longitude, low.latitude, high.longitude, high.latitude, zoom)


def clustered(pins: Iterable[Pin], zoom: int) -> list[Pin]:
    """Return pins of which those too close together at ``zoom`` are one, with how many they are as its label.

    Pins at one place keep their members, so that the map lists them in the given order (rooms of a building by floor);
    other clusters only name their number, and the map zooms in on them.
    """
    cells: dict[tuple[int, int], list[Pin]] = {}
    for pin in pins:
        cells.setdefault(_cell(pin.point, zoom), []).append(pin)
    return [_one(found) for found in cells.values()]


def _cell(point: Point, zoom: int) -> tuple[int, int]:
    wgs = converted(point, Datum.WGS84)
    size = TILE * 2.0**zoom / FINGER
    north = math.radians(min(max(wgs.latitude, -EDGE), EDGE))
    x, y = (wgs.longitude + 180) / 360, (1 - math.asinh(math.tan(north)) / math.pi) / 2
    return math.floor(x * size), math.floor(y * size)


def _one(pins: list[Pin]) -> Pin:
    if len(pins) == 1:
        return pins[0]
    places = [converted(pin.point, Datum.WGS84) for pin in pins]
    longitudes, latitudes = [place.longitude for place in places], [place.latitude for place in places]
    stack = max(longitudes) - min(longitudes) < STACK and max(latitudes) - min(latitudes) < STACK
    tones = {pin.tone for pin in pins}
    count = len(pins)
    return Pin(
        Point(sum(longitudes) / count, sum(latitudes) / count, Datum.WGS84),
        label=ngettext("%(count)s place", "%(count)s places", count) % {"count": count},
        tone=tones.pop() if len(tones) == 1 else "quiet",
        sign=str(count),
        members=tuple(replace(pin, members=()) for pin in pins) if stack else (),
    )
