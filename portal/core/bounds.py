"""Which days and moments a field may hold; every date and time field names one span.

This applies to models, forms and imports. A value near the ends of the calendar can be stored, but breaks any code that
calculates with it: a local time, a working day, a week later. The database checks the absolute ends; how far from today
a value may lie is checked at entry, by the form, the import and the model's validation.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils import timezone as zones
from django.utils.translation import gettext_lazy as _

# The portal's time zone, without the odd minutes of its offset before 1901.
CHINA = timezone(timedelta(hours=8))
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days from ``first`` to ``last``, both included.

    A day may be entered if it is at most ``back`` years before today and at most ``ahead`` years after it.
    """

    first: date = date(1900, 1, 1)
    last: date = date(2199, 12, 31)
    back: int | None = None
    ahead: int | None = None

    def limits(self, today: date | None = None) -> tuple[date, date]:
        """Return the first and the last day that may be entered on ``today``."""
        today = today or zones.localdate()
        first = self.first if self.back is None else max(self.first, _years_from(today, -self.back))
        last = self.last if self.ahead is None else min(self.last, _years_from(today, self.ahead))
        return first, last

    def check(self, value: date) -> None:
        """Raise ValidationError for a day or a moment that may not be entered today."""
        first, last = self.limits()
        day = day_of(value)
        if day is None or not first <= day <= last:
            raise ValidationError(
                _("Choose a day from %(first)s to %(last)s."),
                code="bounds",
                params={"first": formats.date_format(first), "last": formats.date_format(last)},
            )

    def holds(self, value: date) -> bool:
        """Return whether the database accepts ``value``."""
        day = day_of(value)
        return day is not None and self.first <= day <= self.last

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment of the span, and the first moment after it."""
        return datetime.combine(self.first, time(), CHINA), datetime.combine(self.last + ONE_DAY, time(), CHINA)


def day_of(value: date) -> date | None:
    """Return the day of a day or moment in the portal's time zone; None if the calendar has none."""
    if not isinstance(value, datetime):
        return value
    try:
        return (value.astimezone(CHINA) if value.tzinfo else value).date()
    except (OverflowError, ValueError):
        return None


def _years_from(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, 28) if day.month == 2 else day.day)


# For values that the portal writes itself or computes from another day. Wider than what may be entered, so that a
# deadline, a week or a holiday after an entered day can be stored too.
ANY = Span()
# For a birth, a founding, a registration or a completed action: not after today.
PAST = Span(last=date(2099, 12, 31), ahead=0)
# For the first and the last day on which something is valid.
VALIDITY = Span(last=date(2099, 12, 31), ahead=30)
# For what is planned and carried out: an event, a wedding, a notice, the next step.
PLANNED = Span(first=date(2000, 1, 1), last=date(2099, 12, 31), back=3, ahead=3)
# For the days that a list may be filtered by.
ASKED = Span(last=date(2198, 12, 31))

__all__ = ["ANY", "ASKED", "PAST", "PLANNED", "VALIDITY", "Span", "day_of"]
