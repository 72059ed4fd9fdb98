"""Form fields of places, for models too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.locations.hours import Hours, hours_text
from portal.locations.reading import LONGEST_TEXT, read_hours

if TYPE_CHECKING:
    from typing import Any

EXAMPLE = _("For example: Mon-Fri 9:00-12:00, 13:30-17:00; public holidays closed. Empty: the hours are not known.")


class HoursFormField(forms.CharField):
    """Opening hours as people type them; the value is an ``Hours``, None if nothing is known."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or EXAMPLE
        kwargs.pop("encoder", None), kwargs.pop("decoder", None)
        super().__init__(**{"max_length": LONGEST_TEXT, "empty_value": "", **kwargs})
        self.widget.attrs.setdefault("rows", "2")

    def prepare_value(self, value: Any) -> Any:
        return hours_text(value) if isinstance(value, Hours) else value

    def clean(self, value: Any) -> Any:
        return read_hours(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(read_hours(data or "") != initial)
        except forms.ValidationError:
            return True
