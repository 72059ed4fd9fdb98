"""The part of a form that asks for a position: two numbers, and the map from which they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.locations.choices import Datum
from portal.locations.pairs import read_point

if TYPE_CHECKING:
    from typing import Any


class LocatedFormMixin(forms.Form):
    """Adds ``position`` and ``datum`` to the model form of a ``Located`` row, and places the row.

    Both may stay empty: the row then has no position. A position outside the province is refused.
    """

    position = forms.CharField(
        label=_("Position: longitude, latitude"),
        help_text=_("For example 126.642500, 45.756700, as a map service or a phone shows it."),
        max_length=60,
        required=False,
    )
    datum = forms.ChoiceField(
        label=_("Where do the numbers come from?"),
        choices=[("", _("Please choose")), *Datum.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = getattr(getattr(self, "instance", None), "given_point", None)
        if given is not None:
            self.initial.setdefault("position", f"{given.longitude:.6f}, {given.latitude:.6f}")
            self.initial.setdefault("datum", given.datum)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if data is None or "position" not in data or "datum" not in data:
            return data
        text, datum = data.pop("position"), data.pop("datum")
        point = None
        if text and not datum:
            self.add_error("datum", _("Say where the numbers come from: maps of the mainland shift positions."))
            return data
        if text:
            try:
                point = read_point(text, Datum(datum))
            except forms.ValidationError as error:
                self.add_error("position", error)
                return data
        data["point"] = point
        instance: Any = getattr(self, "instance", None)
        if instance is not None:
            instance.place(point)
        return data
