"""The date and time fields of every form, filter and import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django import forms

from portal.core.bounds import ANY, ASKED

if TYPE_CHECKING:
    from typing import Any

    from portal.core.bounds import Span


class BoundedMixin(forms.Field):
    """Refuses a value outside ``span``."""

    def __init__(self, *, span: Span = ANY, **kwargs: Any) -> None:
        self.span = span
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if value is not None:
            self.span.check(value)
        return value


class DayFormField(BoundedMixin, forms.DateField):
    """A day within ``span``."""


class MomentFormField(BoundedMixin, forms.DateTimeField):
    """A moment whose day lies within ``span``."""


class ClockFormField(forms.TimeField):
    """A time of day, which always lies within one day and needs no bounds."""


class DayFilter(django_filters.DateFilter):
    """A filter by day; a day outside the usual calendar filters nothing."""

    field_class = DayFormField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"span": ASKED, **kwargs})
