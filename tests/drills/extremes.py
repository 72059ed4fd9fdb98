"""Extreme values that the database accepts, for every column of every model.

Also the functions that store them.
"""

from datetime import timedelta

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from psycopg2.extras import Json

from portal.core.fields import AmountField, BoundedColumn, DayField, EncryptedDayField, EncryptedTextField
from tests.layout.addresses import is_own

ROWS = 10
ODD = "\x01\x1b[31m\u202e\u200b%s%n{0}{{ 7*7 }}<b>&😀\r\n"
LARGEST = {"PositiveSmallIntegerField": 2**15 - 1, "SmallIntegerField": 2**15 - 1, "BigIntegerField": 2**63 - 1}
# Columns that say who signs in, and where: these are tried separately, as otherwise nobody could open a page any more.
WHO = {
    "members.Member": {
        "password", "login_key", "login_name", "is_active", "session_epoch", "session_key", "password_changed_at",
        "unlocked_at", "organization", "activated_at", "erased_at", "language", "last_login",
    },
    "members.Duty": {"role", "valid_from", "valid_until"},
    "members.Authenticator": {"confirmed_at", "secret", "last_step"},
    "organizations.Organization": {"path", "kind", "closed_on"},
}  # fmt: skip


def our_models():
    """Return the models of this project that have a table of their own."""
    found = [model for config in apps.get_app_configs() if is_own(config) for model in config.get_models()]
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def columns(*, who=False):
    """Return (model, field) of the columns to try.

    With ``who`` these are the columns that say who signs in, and otherwise all the others.
    """
    return [
        (model, field)
        for model in our_models()
        for field in model._meta.local_concrete_fields
        if not field.primary_key and (field.name in WHO.get(model._meta.label, ())) == who
    ]


def longest(field, text):
    """Return ``text`` repeated as often as fits into the column."""
    size = getattr(field, "text_length", None) or field.max_length or 20_000
    return (text * size)[:size]


def value_of(kind, field):
    """Return the value of ``kind`` for a column, or ``...`` if the kind has no value for it."""
    text = isinstance(field, (models.CharField, models.TextField))
    number = isinstance(field, models.IntegerField) and not isinstance(field, models.BooleanField)
    match kind:
        case "the first day" | "the last day" if isinstance(field, BoundedColumn):
            ends = (field.span.first, field.span.last) if isinstance(field, DayField) else field.span.moments
            step = timedelta(0) if isinstance(field, DayField) else timedelta(seconds=1)
            return ends[0] if kind == "the first day" else ends[1] - step
        case "year 1" if isinstance(field, BoundedColumn):
            return "0001-01-01"
        case "year 9999" if isinstance(field, BoundedColumn):
            return "9999-12-31 23:59:59+00"
        case "infinity" if isinstance(field, BoundedColumn):
            return "infinity"
        case "nothing" if field.null and not isinstance(field, EncryptedTextField):
            return None
        case "no words" if text:
            return ""
        case "long words" if text:
            return longest(field, "示")
        case "odd words" if text:
            return longest(field, ODD)
        case "the smallest" if number or isinstance(field, AmountField):
            return -(LARGEST.get(field.get_internal_type(), 2**31 - 1)) if number else _most(field, -1)
        case "zero" if number or isinstance(field, AmountField):
            return 0
        case "the largest" if number:
            return LARGEST.get(field.get_internal_type(), 2**31 - 1)
        case "the largest" if isinstance(field, AmountField):
            return _most(field, 1)
        case "no number" if isinstance(field, AmountField):
            return "NaN"
        case "an empty list" if isinstance(field, models.JSONField):
            return Json([])
        case "a table" if isinstance(field, models.JSONField):
            return Json({"": {"a": [None, {"b": 1e300}]}, "count": "x"})
        case "a word" if isinstance(field, models.JSONField):
            return Json("x")
        case "an empty list" if isinstance(field, ArrayField):
            return []
        case "the other way" if isinstance(field, models.BooleanField):
            return field.default is not True
    return ...


def _most(field, sign):
    places = field.max_digits - field.decimal_places
    return f"{'-' if sign < 0 else ''}{'9' * places}.{'9' * field.decimal_places}"


# Kinds that are planted together, because no column has a value of two of them.
ROUNDS = {
    "first": ("the first day", "no words", "the smallest", "an empty list"),
    "last": ("the last day", "long words", "the largest", "a table"),
    "odd": ("year 1", "odd words", "zero", "a word"),
    "none": ("year 9999", "no number", "the other way", "nothing"),
    "endless": ("infinity",),
}


def plant(kind, found):
    """Write the value of ``kind`` into every column of ``found``.

    Returns (stored, refused), the numbers of columns. A check over several columns refuses one value alone: then each
    row is tried, and all days of a row together.
    """
    stored, refused = 0, 0
    by_model = {}
    for model, field in found:
        value = value_of(kind, field)
        if value is not ...:
            by_model.setdefault(model, []).append((field, value))
            if _put(model, {field: value}) or any(_put(model, {field: value}, pk) for pk in _some(model)):
                stored += 1
            else:
                refused += 1
    for model, pairs in by_model.items():
        if len(pairs) > 1 and kind in ("the first day", "the last day"):
            for pk in _some(model):
                _put(model, _in_order(kind, pairs), pk)
    return stored, refused


def plant_round(name, found):
    """Plant the kinds of one round and return (stored, refused)."""
    parts = [plant(kind, found) for kind in ROUNDS[name]]
    stored = plant_encrypted(name, found)
    return sum(part[0] for part in parts) + stored, sum(part[1] for part in parts)


def plant_encrypted(name, found):
    """Write the value of the round into every encrypted column, by its field class.

    Returns how many columns accepted it.
    """
    stored = 0
    for model, field in found:
        if isinstance(field, EncryptedTextField):
            for row in model._default_manager.order_by("pk")[:ROWS]:
                setattr(row, field.attname, encrypted_value(name, field))
                try:
                    with transaction.atomic():
                        row.save(update_fields=[field.name])
                except (DatabaseError, ValidationError):
                    continue
                stored += 1
                break
    return stored


def encrypted_value(name, field):
    """Return the value that the round ``name`` writes into an encrypted column."""
    if isinstance(field, EncryptedDayField):
        ends = {"first": field.span.first.isoformat(), "last": field.span.last.isoformat(), "odd": "0001-01-01"}
        return ends.get(name, "9999-12-31")
    return longest(field, ODD if name == "odd" else "示")


def _in_order(kind, pairs):
    """Return the days of a row in order, each a little further from the end than the next."""
    sign = 1 if kind == "the first day" else -1
    steps = range(len(pairs)) if sign > 0 else range(len(pairs) - 1, -1, -1)
    return {
        field: value + sign * step * (timedelta(days=1) if isinstance(field, DayField) else timedelta(minutes=1))
        for step, (field, value) in zip(steps, pairs, strict=True)
    }


def _some(model):
    keys = [field.attname for field in model._meta.pk_fields]
    return list(model._default_manager.order_by(*keys).values_list(*keys)[:ROWS])


def _put(model, values, pk=None):
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in values)
    where = " AND ".join(f"{quote(field.column)} = %s" for field in model._meta.pk_fields) if pk else "true"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {where}",
                [*values.values(), *(pk or ())],
            )
            return cursor.rowcount > 0
    except (DatabaseError, ValueError):
        return False
