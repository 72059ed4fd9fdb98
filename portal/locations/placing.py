"""Which positions may be stored: those in the portal's province. Pure calculation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.locations.datums import Point, within_province

if TYPE_CHECKING:
    from portal.locations.choices import Datum

OUTSIDE = _("Longitude %(longitude)s, latitude %(latitude)s is not in the province.")
EXCHANGED = _(
    "Longitude and latitude seem to be exchanged: do you mean longitude %(longitude)s, latitude %(latitude)s?"
)


def checked_point(longitude: float, latitude: float, datum: Datum) -> Point:
    """Return the position; ValidationError if it is not in the province.

    If only the exchanged numbers lie in it, the sentence suggests them; nothing is exchanged silently.
    """
    if _lies_within(longitude, latitude, datum):
        return Point(longitude, latitude, datum)
    if _lies_within(latitude, longitude, datum):
        params = {"longitude": f"{latitude:.9g}", "latitude": f"{longitude:.9g}"}
        raise ValidationError(EXCHANGED, code="exchanged", params=params)
    params = {"longitude": f"{longitude:.9g}", "latitude": f"{latitude:.9g}"}
    raise ValidationError(OUTSIDE, code="outside", params=params)


def _lies_within(longitude: float, latitude: float, datum: Datum) -> bool:
    try:
        return within_province(Point(longitude, latitude, datum))
    except ValueError:
        return False
