"""Columns for personal data: encrypted at rest and bound to their row."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from portal.core import crypto


class Sealed:
    """A value as it lies in the database; it shows nothing of itself, and is the same as another of the same bytes."""

    __slots__ = ("data",)

    def __init__(self, data):
        self.data = bytes(data)

    def __eq__(self, other):
        return isinstance(other, Sealed) and self.data == other.data

    def __hash__(self):
        return hash(self.data)

    def __str__(self):
        return "•••"

    __repr__ = __str__


class _Opening:
    """The attribute of an encrypted field: opens the value when it is first read."""

    def __init__(self, field):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        state = instance.__dict__
        name = self.field.attname
        if name not in state:
            instance.refresh_from_db(fields=[name])
        value = state[name]
        if isinstance(value, Sealed):
            state[f"_{name}_sealed"] = value
            value = state[name] = crypto.decrypt(value.data, self.field.associated(instance))
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):
    """Text kept as SM4-GCM; associated data are table, column and pk, so a value copied to another row does not open.

    The row needs its pk before it is saved: creating services draw it with ``reserve_pks``. ``max_length`` counts
    characters of the clear text and is checked by validation. Look-ups by value are impossible; use a blind index.
    """

    descriptor_class = _Opening
    description = _("Encrypted text")

    def __init__(self, *args, max_length=200, **kwargs):
        kwargs.setdefault("editable", True)
        self.text_length = max_length
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs["max_length"] = self.text_length
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def associated(self, instance):
        """Return the associated data of this column in the row of ``instance``."""
        return self.associated_with(instance.pk)

    def associated_with(self, pk):
        """Return the associated data of this column in the row with ``pk``."""
        return f"{self.model._meta.db_table}.{self.column}.{pk}".encode()

    def from_db_value(self, value, expression, connection):
        return None if value is None else Sealed(value)

    def pre_save(self, instance, add):
        value = instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        if value == "" and self.null:
            return None
        if instance.pk is None:
            raise ValueError(f"{self.model._meta.label}.{self.name} needs the row's pk first: use reserve_pks")
        kept = instance.__dict__.get(f"_{self.attname}_sealed")
        if kept is not None and crypto.decrypt(kept.data, self.associated(instance)) == value:
            return kept
        return Sealed(crypto.encrypt(value, self.associated(instance)))

    def get_db_prep_value(self, value, connection, prepared=False):
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.model._meta.label}.{self.name} is written through its row and never looked up")
        return connection.Database.Binary(value.data)

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if isinstance(value, str) and len(value) > self.text_length:
            raise ValidationError(
                _("At most %(count)s characters, please."), code="max_length", params={"count": self.text_length}
            )

    def get_default(self):
        return None if self.null else ""

    def to_python(self, value):
        return value

    def value_to_string(self, obj):
        raise TypeError("encrypted fields are not serialised")

    def formfield(self, **kwargs):
        return forms.CharField(
            label=self.verbose_name, required=not self.blank, help_text=self.help_text, max_length=self.text_length
        )


def reserve_pks(model, count=1):
    """Return ``count`` primary keys drawn from the sequence of ``model``'s table."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
        )
        return [row[0] for row in cursor.fetchall()]
