"""The abstract model of rows that lie somewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.locations.choices import Datum
from portal.locations.datums import Point, converted
from portal.locations.fields import DegreesField

if TYPE_CHECKING:
    from typing import ClassVar

_PLACE = ("longitude", "latitude", "given_longitude", "given_latitude")
_SIX_PLACES = Decimal("0.000001")


class Located(models.Model):
    """A row with a position, or without one yet.

    ``longitude`` and ``latitude`` are WGS-84. The position is kept as it was entered too, in its own datum; it is
    converted once, by ``place``, and never written otherwise. A subclass inherits ``Located.Meta``, or repeats its
    constraints, and has ``nearest_index`` in its indexes.
    """

    longitude = DegreesField(_("Longitude (WGS-84)"), most=180, null=True, blank=True, editable=False)
    latitude = DegreesField(_("Latitude (WGS-84)"), most=90, null=True, blank=True, editable=False)
    given_datum = models.CharField(_("Datum as entered"), max_length=5, choices=Datum, blank=True, editable=False)
    given_longitude = DegreesField(_("Longitude as entered"), most=180, null=True, blank=True, editable=False)
    given_latitude = DegreesField(_("Latitude as entered"), most=90, null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(given_datum="", **{f"{name}__isnull": True for name in _PLACE})
                | (Q(given_datum__in=Datum.values) & Q(**{f"{name}__isnull": False for name in _PLACE})),
                name="%(app_label)s_%(class)s_at",
                violation_error_message=_("A position has longitude, latitude and datum."),
            )
        ]

    @property
    def point(self) -> Point | None:
        """The position in WGS-84; None without one."""
        if self.longitude is None or self.latitude is None:
            return None
        return Point(float(self.longitude), float(self.latitude), Datum.WGS84)

    @property
    def given_point(self) -> Point | None:
        """The position as it was entered; None without one."""
        if self.given_longitude is None or self.given_latitude is None:
            return None
        return Point(float(self.given_longitude), float(self.given_latitude), Datum(self.given_datum))

    def place(self, point: Point | None) -> None:
        """Set the position, or take it away; the row is not saved."""
        if point is None:
            self.longitude = self.latitude = self.given_longitude = self.given_latitude = None
            self.given_datum = ""
            return
        wgs = converted(point, Datum.WGS84)
        self.longitude, self.latitude = _degrees(wgs.longitude), _degrees(wgs.latitude)
        self.given_longitude, self.given_latitude = _degrees(point.longitude), _degrees(point.latitude)
        self.given_datum = point.datum


def _degrees(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_SIX_PLACES)
