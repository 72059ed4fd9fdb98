"""The date and the time field of every form, filter and import."""

import django_filters
from django import forms

from portal.core.bounds import ANY, ASKED


class BoundedMixin:
    """Refuses what lies outside ``span``."""

    def __init__(self, *, span=ANY, **kwargs):
        self.span = span
        super().__init__(**kwargs)

    def clean(self, value):
        value = super().clean(value)
        if value is not None:
            self.span.check(value)
        return value


class DayFormField(BoundedMixin, forms.DateField):
    """A day within ``span``."""


class MomentFormField(BoundedMixin, forms.DateTimeField):
    """A moment whose day lies within ``span``."""


class ClockFormField(forms.TimeField):
    """A time of day; every time there is lies within one day."""


class DayFilter(django_filters.DateFilter):
    """A filter by a day; one that lies outside the calendar people use filters nothing."""

    field_class = DayFormField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"span": ASKED, **kwargs})
