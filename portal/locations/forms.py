"""Forms that take a position: of a row, and of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.locations.placing import checked_point

if TYPE_CHECKING:
    from typing import Any

    from portal.locations.models import Located


class HereForm(forms.Form):
    """The reader's position as their phone gives it, WGS-84; ``cleaned_data["point"]`` is the Point.

    It is sent in the body of a POST request, so that it stands in no log and no history, and it is not stored. Any
    place on earth is accepted, except the zeros of a phone that knows nothing.
    """

    longitude = forms.FloatField(widget=forms.HiddenInput)
    latitude = forms.FloatField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        try:
            point = Point(self.cleaned_data["longitude"], self.cleaned_data["latitude"], Datum.WGS84)
        except (KeyError, ValueError):
            point = None
        if point is None or (point.longitude == 0 and point.latitude == 0):
            raise forms.ValidationError(_("Your position is not known. Choose a city or district."), code="unknown")
        self.cleaned_data["point"] = point
        return self.cleaned_data


class PlaceForm(forms.Form):
    """Longitude, latitude and their datum; ``cleaned_data["point"]`` is the Point, None if all three are empty.

    A form of an area has it among its bases, ``initial=place_initial(row)`` fills it, and the service calls
    ``row.place(point)``.
    """

    longitude = forms.FloatField(label=_("Longitude"), required=False)
    latitude = forms.FloatField(label=_("Latitude"), required=False)
    datum = forms.ChoiceField(
        label=_("Datum"),
        required=False,
        choices=[("", "---------"), *Datum.choices],
        help_text=_("Where the numbers come from: the same numbers mean places up to 1.3 km apart."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        values = [cleaned.get(name) for name in ("longitude", "latitude", "datum")]
        given = [value not in (None, "") for value in values]
        cleaned["point"] = None
        if any(given) and not all(given):
            for name, there in zip(("longitude", "latitude", "datum"), given, strict=True):
                if not there and name not in self.errors:
                    self.add_error(name, _("A position has longitude, latitude and datum."))
        elif all(given):
            try:
                cleaned["point"] = checked_point(values[0], values[1], Datum(values[2]))
            except forms.ValidationError as error:
                self.add_error("longitude", error)
        return cleaned


def place_initial(row: Located) -> dict[str, object]:
    """Return the position of a row as it was entered, for the initial values of a ``PlaceForm``."""
    return {"longitude": row.given_longitude, "latitude": row.given_latitude, "datum": row.given_datum}
