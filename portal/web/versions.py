"""Two versions of one row side by side: what a person typed and what is stored now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.core.text import listed

if TYPE_CHECKING:
    from django.forms import BaseForm, BoundField


def versions(typed: BaseForm, standing: BaseForm) -> list[dict[str, object]]:
    """Return a row for each visible field of two forms of one class.

    ``typed`` is bound; ``standing`` shows the row as it is now.
    """
    rows: list[dict[str, object]] = []
    for bound in typed.visible_fields():
        mine, theirs = _words(bound), _words(standing[bound.name])
        rows.append({"label": bound.label, "typed": mine, "standing": theirs, "differs": mine != theirs})
    return rows


def sent_again(typed: BaseForm, version: object) -> list[tuple[str, object]]:
    """Return the submitted (name, value) pairs with the version that is stored now.

    Submitting them overwrites that version.
    """
    left_out = ("csrfmiddlewaretoken", "version")
    sent = typed.data.lists()  # type: ignore[attr-defined]  # a page hands its form what a browser sent
    pairs = [(name, value) for name, values in sent if name not in left_out for value in values]
    return [*pairs, ("version", version)]


def _words(bound: BoundField) -> str:
    value = bound.value()
    if value is True or value is False:
        return _("yes") if value else _("no")
    choices = {str(key): label for key, label in getattr(bound.field, "choices", None) or []}
    if choices:
        values = value if isinstance(value, (list, tuple)) else [value]
        return listed(choices.get(str(item), item) for item in values if item not in (None, ""))
    shown = bound.field.widget.format_value(value)
    return "" if shown is None else str(shown).replace("\r\n", "\n").strip()
