"""Links that open a place in the map services people use. Pure calculation.

Each service has its own datum and its own order of longitude and latitude; both stand in one table, and a position is
converted once, here. The links leave the portal: they carry the place and its name, nothing about the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_line
from portal.locations.choices import Datum
from portal.locations.datums import converted

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.locations.datums import Point

LONGEST_NAME = 60
# How the services name the site that a link comes from.
SOURCE = "portal"


@dataclass(frozen=True)
class MapService:
    """A map service: its datum, whether longitude comes first, and its address with {place} and {name}."""

    code: str
    label: StrOrPromise
    datum: Datum
    longitude_first: bool
    address: str

    def link(self, point: Point, name: str) -> str:
        """Return the link to ``point``, with six decimals (0.1 m)."""
        there = converted(point, self.datum)
        pair = (there.longitude, there.latitude) if self.longitude_first else (there.latitude, there.longitude)
        # A comma would end the name where it follows the two numbers.
        words = clean_line(name.replace(",", " "))[:LONGEST_NAME]
        return self.address.format(place=f"{pair[0]:.6f},{pair[1]:.6f}", name=quote(words, safe=""))


@dataclass(frozen=True)
class MapLink:
    """A link to a place in one map service."""

    code: str
    label: StrOrPromise
    url: str


SERVICES = (
    MapService(
        "amap",
        _("Amap"),
        Datum.GCJ02,
        longitude_first=True,
        address=f"https://uri.amap.com/navigation?to={{place}},{{name}}&mode=walk&coordinate=gaode&callnative=1&src={SOURCE}",
    ),
    MapService(
        "baidu",
        _("Baidu Maps"),
        Datum.BD09,
        longitude_first=False,
        address="https://api.map.baidu.com/marker?location={place}&title={name}&content={name}&coord_type=bd09ll"
        f"&output=html&src={SOURCE}",
    ),
    MapService(
        "tencent",
        _("Tencent Maps"),
        Datum.GCJ02,
        longitude_first=False,
        address=f"https://apis.map.qq.com/uri/v1/routeplan?type=walk&tocoord={{place}}&to={{name}}&referer={SOURCE}",
    ),
    MapService(
        # In the mainland Apple shows the data of Amap and reads positions as GCJ-02.
        "apple",
        _("Apple Maps"),
        Datum.GCJ02,
        longitude_first=False,
        address="https://maps.apple.com/?daddr={place}&q={name}&dirflg=w",
    ),
)


def map_links(point: Point, name: str) -> list[MapLink]:
    """Return the links to a place named ``name``, one for each service."""
    return [MapLink(service.code, service.label, service.link(point, name)) for service in SERVICES]
