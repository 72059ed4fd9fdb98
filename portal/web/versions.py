"""Two versions of one row side by side: what a person typed, and what stands now."""

from django.utils.translation import gettext as _

from portal.core.text import listed


def versions(typed, standing):
    """Return a row for each visible field of two forms of one class, ``typed`` bound and ``standing`` as it is now."""
    rows = []
    for bound in typed.visible_fields():
        mine, theirs = _words(bound), _words(standing[bound.name])
        rows.append({"label": bound.label, "typed": mine, "standing": theirs, "differs": mine != theirs})
    return rows


def sent_again(typed, version):
    """Return what was sent as (name, value) pairs, with the version that stands now: sending it takes it over."""
    left_out = ("csrfmiddlewaretoken", "version")
    pairs = [(name, value) for name, values in typed.data.lists() if name not in left_out for value in values]
    return [*pairs, ("version", version)]


def _words(bound):
    value = bound.value()
    if value is True or value is False:
        return _("yes") if value else _("no")
    choices = {str(key): label for key, label in getattr(bound.field, "choices", None) or []}
    if choices:
        values = value if isinstance(value, (list, tuple)) else [value]
        return listed(choices.get(str(item), item) for item in values if item not in (None, ""))
    shown = bound.field.widget.format_value(value)
    return "" if shown is None else str(shown).replace("\r\n", "\n").strip()
