"""Special columns: encrypted personal data, days and moments with bounds, amounts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.core import crypto
from portal.core.bounds import ANY, Span
from portal.core.form_fields import ClockFormField, DayFormField, MomentFormField

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

    Deconstructed = tuple[str, str, Sequence[Any], dict[str, Any]]


class Sealed:
    """An encrypted value as stored in the database; its text form reveals nothing.

    Two of these are equal if their bytes are equal.
    """

    __slots__ = ("data",)

    def __init__(self, data: bytes | memoryview) -> None:
        self.data = bytes(data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.data)

    def __str__(self) -> str:
        return "•••"

    __repr__ = __str__


class _Opening:
    """The attribute of an encrypted field: decrypts the value when it is first read."""

    def __init__(self, field: EncryptedTextField) -> None:
        self.field = field

    def __get__(self, instance: Model | None, owner: type[Model] | None = None) -> Any:
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

    def __set__(self, instance: Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):
    """Text stored as SM4-GCM ciphertext.

    The associated data are table, column and pk, so a value copied to another row cannot be decrypted. The row needs
    its pk before it is saved: services that create rows reserve it with ``reserve_pks``. ``max_length`` counts
    characters of the plain text and is checked by validation. Look-ups by value are impossible; use a blind index.
    """

    # The types that mypy's plugin assumes for such a column.
    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]  # text in clear, not the bytes of the base

    column: str
    descriptor_class = _Opening
    description = _("Encrypted text")

    def __init__(self, *args: Any, max_length: int = 200, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        self.text_length = max_length
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Deconstructed:
        name, path, args, kwargs = super().deconstruct()
        kwargs["max_length"] = self.text_length
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def associated(self, instance: Model) -> bytes:
        """Return the associated data of this column in the row of ``instance``."""
        return self.associated_with(instance.pk)

    def associated_with(self, pk: object) -> bytes:
        """Return the associated data of this column in the row with ``pk``."""
        return f"{self.model._meta.db_table}.{self.column}.{pk}".encode()

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, instance: Model, add: bool) -> Any:
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

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.model._meta.label}.{self.name} is written through its row and never looked up")
        return connection.Database.Binary(value.data)  # type: ignore[attr-defined]  # not in the stubs

    def validate(self, value: Any, model_instance: Model | None) -> None:
        super().validate(value, model_instance)
        if isinstance(value, str) and len(value) > self.text_length:
            raise ValidationError(
                _("At most %(count)s characters, please."), code="max_length", params={"count": self.text_length}
            )

    def get_default(self) -> str | None:
        return None if self.null else ""

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Model) -> str:
        raise TypeError("encrypted fields are not serialised")

    def formfield(self, **kwargs: Any) -> forms.CharField:
        return forms.CharField(
            label=self.verbose_name, required=not self.blank, help_text=self.help_text, max_length=self.text_length
        )


class EncryptedDayField(EncryptedTextField):
    """A day as encrypted ISO text; the database cannot check it, so it is checked before it is written.

    ``span`` holds its bounds. A value outside raises ValidationError when the row is validated and when it is saved.
    """

    def __init__(self, *args: Any, span: Span = ANY, **kwargs: Any) -> None:
        self.span = span
        super().__init__(*args, **{"max_length": 10, **kwargs})

    def validate(self, value: Any, model_instance: Model | None) -> None:
        super().validate(value, model_instance)
        if value:
            self.span.check(self._read(value))

    def pre_save(self, instance: Model, add: bool) -> Any:
        value = instance.__dict__.get(self.attname)
        if isinstance(value, str) and value and not self.span.holds(self._read(value)):
            raise ValidationError(_("This date is outside the range that can be stored."), code="bounds")
        return super().pre_save(instance, add)

    @staticmethod
    def _read(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValidationError(_("This date is outside the range that can be stored."), code="bounds") from None


class BoundedColumn(models.Field):
    """A column of days or moments within ``span``.

    The database checks the ends of the span; validation also checks how far from today a value is. The CHECK belongs to
    the column, so that a new model has it without another line. Migrations contain the ends of ``span``, ``first`` and
    ``last``, but not ``span`` itself.
    """

    column: str
    form_field: type[forms.Field]

    def __init__(
        self, *args: Any, span: Span | None = None, first: date | None = None, last: date | None = None, **kwargs: Any
    ) -> None:
        self.span = span or Span(first or ANY.first, last or ANY.last)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Deconstructed:
        name, path, args, kwargs = super().deconstruct()
        if self.span.first != ANY.first:
            kwargs["first"] = self.span.first
        if self.span.last != ANY.last:
            kwargs["last"] = self.span.last
        return name, path, args, kwargs

    def ends(self) -> tuple[str, str, str]:
        """Return the first value and the end as the database reads them, and the operator for the end."""
        raise NotImplementedError

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        first, end, compare = self.ends()
        column = connection.ops.quote_name(self.column)
        return f"{column} >= '{first}' AND {column} {compare} '{end}'"

    def validate(self, value: Any, model_instance: Model | None) -> None:
        super().validate(value, model_instance)
        if value is not None:
            self.span.check(value)

    def formfield(self, **kwargs: Any) -> Any:
        # The admin uses a pair of fields instead; the model's validation checks what comes from them.
        own = {} if "form_class" in kwargs else {"form_class": self.form_field, "span": self.span}
        return super().formfield(**{**own, **kwargs})


class ClockField(models.TimeField):
    """A time of day, which needs no bounds because it always lies within one day."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": ClockFormField, **kwargs})


class DayField(BoundedColumn, models.DateField):
    """A day within ``span``."""

    form_field = DayFormField

    def ends(self) -> tuple[str, str, str]:
        return self.span.first.isoformat(), self.span.last.isoformat(), "<="


class MomentField(BoundedColumn, models.DateTimeField):
    """A moment whose day lies within ``span``."""

    form_field = MomentFormField

    def ends(self) -> tuple[str, str, str]:
        first, end = self.span.moments
        return first.isoformat(" "), end.isoformat(" "), "<"


class PathField(models.CharField):
    """The path of an organisation in the tree, such as ``/1/14/``.

    The scope of every list that anybody sees is computed from the numbers in it.
    """

    column: str

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f"{connection.ops.quote_name(self.column)} ~ '^(/[0-9]{{1,18}})+/$'"


class YearField(models.PositiveSmallIntegerField):
    """A year from ``ANY.first`` to ``ANY.last``."""

    column: str

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = connection.ops.quote_name(self.column)
        return f"{column} >= {ANY.first.year} AND {column} <= {ANY.last.year}"

    @cached_property
    def validators(self) -> list[Any]:
        return [*super().validators, MinValueValidator(ANY.first.year), MaxValueValidator(ANY.last.year)]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"min_value": ANY.first.year, "max_value": ANY.last.year, **kwargs})


class AmountField(models.DecimalField):
    """A number of at most ``max_digits`` digits, with a check that refuses NaN.

    PostgreSQL also stores NaN, which no check of "not below zero" refuses.
    """

    column: str

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column, end = connection.ops.quote_name(self.column), 10 ** (self.max_digits - self.decimal_places)
        return f"{column} > -{end} AND {column} < {end}"


def reserve_pks(model: type[Model], count: int = 1) -> list[int]:
    """Return ``count`` primary keys drawn from the sequence of ``model``'s table."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
        )
        return [row[0] for row in cursor.fetchall()]
