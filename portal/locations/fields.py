"""Columns of places: degrees and opening hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.utils.functional import cached_property

from portal.core.fields import AmountField
from portal.locations.form_fields import HoursFormField
from portal.locations.hours import Hours, from_data, to_data

if TYPE_CHECKING:
    from typing import Any

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Expression, Model

    from portal.core.fields import Deconstructed


class DegreesField(AmountField):  # type: ignore[type-arg]  # cannot be subscripted when it runs
    """Degrees with six decimals (0.11 m) between ``-most`` and ``most``."""

    def __init__(self, *args: Any, most: int = 180, **kwargs: Any) -> None:
        self.most = most
        super().__init__(*args, **{**kwargs, "max_digits": 9, "decimal_places": 6})

    def deconstruct(self) -> Deconstructed:
        name, path, args, kwargs = super().deconstruct()
        kwargs["most"] = self.most
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = connection.ops.quote_name(self.column)
        return f"{column} >= {-self.most} AND {column} <= {self.most}"

    @cached_property
    def validators(self) -> list[Any]:
        return [*super().validators, MinValueValidator(-self.most), MaxValueValidator(self.most)]


class HoursField(models.JSONField):
    """Opening hours in their normal form; NULL: the hours are not known.

    The value is an ``Hours`` or None, and a form shows and reads it as a line of text.
    """

    _pyi_private_get_type: Hours | None
    _pyi_private_set_type: Hours | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "null": True, "blank": True})

    def deconstruct(self) -> Deconstructed:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["null"], kwargs["blank"]
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        found = super().from_db_value(value, expression, connection)
        return found if found is None or isinstance(expression, KeyTransform) else from_data(found)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return super().get_db_prep_value(to_data(value) if isinstance(value, Hours) else value, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Hours) else from_data(value)

    def validate(self, value: Any, model_instance: Model | None) -> None:
        """Accept what ``to_python`` accepted; the JSON field would try to write it as JSON."""

    def value_to_string(self, obj: Model) -> Any:
        value = self.value_from_object(obj)
        return None if value is None else to_data(value)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": HoursFormField, **kwargs})
