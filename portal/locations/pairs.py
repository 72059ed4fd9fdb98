"""Reads a position as people type or paste it. Pure calculation."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.locations.datums import Point, within_province

if TYPE_CHECKING:
    from portal.locations.choices import Datum

_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,15})?")
_BETWEEN = re.compile(r"[\s,;/|()\[\]°ENen东经北纬经度纬度:=]*")
UNREADABLE = _("“%(text)s” is no position. Write longitude and latitude in degrees, for example 126.6425, 45.7567.")
SWAPPED = _("Longitude and latitude are in the wrong order. Did you mean %(longitude)s, %(latitude)s?")
OUTSIDE = _("This position lies outside the province. Please compare the numbers, and the map from which they come.")


def read_point(text: str, datum: Datum) -> Point:
    """Return the position in ``text``, longitude first; ValidationError with the reason if there is none.

    Two numbers in the wrong order are named and not changed silently: in the province, longitudes and latitudes never
    overlap.
    """
    plain = unicodedata.normalize("NFKC", text).replace("、", ",").replace("。", ".")
    numbers = _NUMBER.findall(plain)
    rest = _NUMBER.sub("", plain)
    if len(numbers) != 2 or not _BETWEEN.fullmatch(rest):
        raise ValidationError(UNREADABLE, code="unreadable", params={"text": text[:60]})
    longitude, latitude = map(float, numbers)
    try:
        point = Point(longitude, latitude, datum)
        if within_province(point):
            return point
    except ValueError:
        pass
    try:
        swapped = within_province(Point(latitude, longitude, datum))
    except ValueError:
        swapped = False
    if swapped:
        raise ValidationError(SWAPPED, code="swapped", params={"longitude": numbers[1], "latitude": numbers[0]})
    raise ValidationError(OUTSIDE, code="outside")
