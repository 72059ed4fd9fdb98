"""Deadlines by the law's arithmetic: pure calculation over days that the caller has looked up."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
# No deadline of any law is longer; a longer one means that the data is wrong.
LONGEST = 3660


@dataclass(frozen=True)
class Deadline:
    """The last day of a deadline.

    ``assumed`` says that it lies in a year whose holidays are not known yet; pages mark it as such.
    """

    day: date
    assumed: bool


@dataclass(frozen=True)
class Term:
    """The last day of a deadline, as pages show it.

    ``left`` is the number of working days from today (0: today is the last); ``source`` is the rule that sets the
    deadline.
    """

    day: date
    left: int
    assumed: bool
    source: str = ""


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days: ``holidays`` are free weekdays, ``workdays`` are weekend days worked (调休).

    In a year that is not in ``years``, Monday to Friday count as working days, and the deadline says so.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Return whether ``day`` is a working day."""
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() < SATURDAY

    def knows(self, first: date, last: date) -> bool:
        """Return whether the holidays of all years from ``first`` to ``last`` are known."""
        return self.years.issuperset(range(first.year, last.year + 1))

    def add_working_days(self, start: date, count: int) -> Deadline:
        """Return the ``count``-th working day after ``start``; the day itself does not count (Civil Code 201)."""
        if not 0 <= count <= LONGEST:
            raise ValueError("a deadline is between 0 and ten years away")
        day = start
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return Deadline(day, not self.knows(start, day))

    def subtract_working_days(self, day: date, count: int) -> date:
        """Return the day on which the ``count`` working days before ``day`` begin; ``day`` itself does not count."""
        if not 0 <= count <= LONGEST:
            raise ValueError("a deadline is between 0 and ten years away")
        while count:
            day -= timedelta(days=1)
            count -= self.is_working(day)
        return day

    def term(self, last: date, today: date, source: str = "") -> Term:
        """Return ``last`` as the Term that pages show on ``today``."""
        first = min(today, last)
        return Term(last, self.working_days_between(today, last), not self.knows(first, last), source)

    def working_days_between(self, first: date, last: date) -> int:
        """Return the number of working days after ``first``, up to and including ``last``."""
        span = range(1, min((last - first).days, LONGEST) + 1)
        return sum(self.is_working(first + timedelta(days=number)) for number in span)


def months_later(start: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or the month's last (Civil Code 202).

    The last day is returned where the month has no such day.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
