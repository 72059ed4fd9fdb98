"""Periods for which figures are shown: whole months in a row, under the names that people use.

Pure calculation.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

FIRST_YEAR, LAST_YEAR = 1949, 2199


class PeriodKind(models.TextChoices):
    MONTH = "month", gettext_lazy("Month")
    QUARTER = "quarter", gettext_lazy("Quarter")
    HALF_YEAR = "half_year", gettext_lazy("Half-year")
    YEAR = "year", gettext_lazy("Year")
    FIVE_YEARS = "five_years", gettext_lazy("Five years")
    SURVEY_YEAR = "survey_year", gettext_lazy("Survey year (1 October to 30 September)")
    RANGE = "range", gettext_lazy("Custom range of months")


# The kinds of period for which distinct people are counted in advance.
STANDARD = (
    PeriodKind.MONTH,
    PeriodKind.QUARTER,
    PeriodKind.HALF_YEAR,
    PeriodKind.YEAR,
    PeriodKind.FIVE_YEARS,
    PeriodKind.SURVEY_YEAR,
)
MONTHS: dict[str, int] = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 12,
    PeriodKind.FIVE_YEARS: 60,
    PeriodKind.SURVEY_YEAR: 12,
}


def month_of(day: date) -> date:
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def months_after(month: date, count: int) -> date:
    """Return the first day of the month ``count`` months after ``month``; negative counts go back."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """Whole months from the first day ``start`` to the last day ``end``, and the kind to show them as."""

    kind: str
    start: date
    end: date

    @classmethod
    def of(cls, kind: str, day: date) -> Self:
        """Return the period of a standard ``kind`` that contains ``day``; five years end with that year."""
        month = month_of(day)
        if kind == PeriodKind.SURVEY_YEAR:
            start = date(day.year if day.month >= 10 else day.year - 1, 10, 1)
        elif kind == PeriodKind.FIVE_YEARS:
            start = date(day.year - 4, 1, 1)
        else:
            start = months_after(month, -((month.month - 1) % MONTHS[kind]))
        return cls.from_months(kind, start, MONTHS[kind])

    @classmethod
    def from_months(cls, kind: str, start: date, count: int) -> Self:
        """Return the period of ``count`` months from ``start``."""
        last = months_after(start, count - 1)
        return cls(kind, start, last.replace(day=monthrange(last.year, last.month)[1]))

    @classmethod
    def range(cls, first: date, last: date) -> Self:
        """Return the free range from the month of ``first`` to the month of ``last``."""
        start, end = month_of(first), month_of(last)
        if end < start:
            raise ValueError("a range ends before it begins")
        return cls.from_months(PeriodKind.RANGE, start, _count(start, end))

    @classmethod
    def parse(cls, text: str | None) -> Period:
        """Return the period that ``text`` names, in the format of ``str``; ValueError for anything else."""
        for pattern, build in _PATTERNS:
            found = pattern.fullmatch(text or "")
            if found:
                years = [int(number) for number in found.groups() if len(number) == 4]
                if not all(FIRST_YEAR <= year <= LAST_YEAR for year in years):
                    break
                return build(cls, *map(int, found.groups()))
        raise ValueError("not a period")

    def __str__(self) -> str:
        year = self.start.year
        match self.kind:
            case PeriodKind.MONTH:
                return f"{year}-{self.start.month:02d}"
            case PeriodKind.QUARTER:
                return f"{year}-Q{(self.start.month + 2) // 3}"
            case PeriodKind.HALF_YEAR:
                return f"{year}-H{(self.start.month + 5) // 6}"
            case PeriodKind.YEAR:
                return f"{year}"
            case PeriodKind.FIVE_YEARS:
                return f"{year}..{self.end.year}"
            case PeriodKind.SURVEY_YEAR:
                return f"S{self.end.year}"
        return f"{year}-{self.start.month:02d}..{self.end.year}-{self.end.month:02d}"

    @property
    def count(self) -> int:
        """The number of months in the period."""
        return _count(self.start, self.end)

    @property
    def last_month(self) -> date:
        return month_of(self.end)

    @property
    def months(self) -> list[date]:
        """The first days of the months in the period."""
        return [months_after(self.start, step) for step in range(self.count)]

    def moved(self, months: int) -> Self:
        """Return the period of the same kind and length that begins ``months`` later."""
        return self.from_months(self.kind, months_after(self.start, months), self.count)

    def previous(self) -> Self:
        """Return the period before this one.

        Five years overlap with the five years before them by four years; other kinds do not overlap.
        """
        return self.moved(-12 if self.kind == PeriodKind.FIVE_YEARS else -self.count)

    def year_before(self) -> Self:
        """Return the same period a year earlier."""
        return self.moved(-12)

    def run(self, count: int) -> list[Self]:
        """Return the ``count`` periods up to and including this one, the earliest first."""
        found = [self]
        while len(found) < count:
            found.append(found[-1].previous())
        return found[::-1]

    @property
    def title(self) -> str:
        """The name of the period in the active language."""
        year, until = self.start.year, self.end.year
        match self.kind:
            case PeriodKind.MONTH:
                return _("%(year)s-%(month)02d") % {"year": year, "month": self.start.month}
            case PeriodKind.QUARTER:
                return _("Q%(number)s %(year)s") % {"year": year, "number": (self.start.month + 2) // 3}
            case PeriodKind.HALF_YEAR:
                if self.start.month == 1:
                    return _("First half of %(year)s") % {"year": year}
                return _("Second half of %(year)s") % {"year": year}
            case PeriodKind.YEAR:
                return _("Year %(year)s") % {"year": year}
            case PeriodKind.FIVE_YEARS:
                return _("Five years %(first)s to %(last)s") % {"first": year, "last": until}
            case PeriodKind.SURVEY_YEAR:
                return _("Survey year %(year)s (October %(before)s to September)") % {"year": until, "before": year}
        return _("%(year)s-%(month)02d to %(last)s-%(end)02d") % {
            "year": year,
            "month": self.start.month,
            "last": until,
            "end": self.end.month,
        }


def _count(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month + 1


def containing(month: date) -> list[Period]:
    """Return the standard periods that contain ``month``: one of each kind, and five of the five years."""
    found = [Period.of(kind, month) for kind in STANDARD if kind != PeriodKind.FIVE_YEARS]
    return found + [Period.of(PeriodKind.FIVE_YEARS, date(month.year + step, 1, 1)) for step in range(5)]


def _quarter(cls: type[Period], year: int, number: int) -> Period:
    return cls.from_months(PeriodKind.QUARTER, date(year, number * 3 - 2, 1), 3)


def _half(cls: type[Period], year: int, number: int) -> Period:
    return cls.from_months(PeriodKind.HALF_YEAR, date(year, number * 6 - 5, 1), 6)


def _five(cls: type[Period], first: int, last: int) -> Period:
    if last != first + 4:
        raise ValueError("not five years")
    return cls.from_months(PeriodKind.FIVE_YEARS, date(first, 1, 1), 60)


_PATTERNS: list[tuple[re.Pattern[str], Callable[..., Period]]] = [
    (re.compile(r"(\d{4})", re.ASCII), lambda cls, year: cls.of(PeriodKind.YEAR, date(year, 1, 1))),
    (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), _quarter),
    (re.compile(r"(\d{4})-H([12])", re.ASCII), _half),
    (re.compile(r"(\d{4})-(\d{2})", re.ASCII), lambda cls, y, m: cls.of(PeriodKind.MONTH, date(y, m, 1))),
    (re.compile(r"(\d{4})\.\.(\d{4})", re.ASCII), _five),
    (re.compile(r"S(\d{4})", re.ASCII), lambda cls, year: cls.of(PeriodKind.SURVEY_YEAR, date(year, 9, 1))),
    (
        re.compile(r"(\d{4})-(\d{2})\.\.(\d{4})-(\d{2})", re.ASCII),
        lambda cls, y, m, z, n: cls.range(date(y, m, 1), date(z, n, 1)),
    ),
]
