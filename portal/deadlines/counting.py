"""The last day of a deadline: pure calculation over a calendar of working days.

Civil Code 200 to 203: periods are counted in years, months and days; the starting day does not count; months and years
end on the corresponding day or, where there is none, on the last day of the month; a last day that is a statutory
holiday moves to the day after the holiday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal.core.calendar import LONGEST, months_later
from portal.deadlines.choices import RollingRule, StartRule, Unit

if TYPE_CHECKING:
    from portal.core.calendar import WorkingCalendar

# No run of days off is longer.
LONGEST_REST = 31


@dataclass(frozen=True)
class Count:
    """How a deadline is counted.

    ``amount`` is a number of ``unit`` and not negative; ``pause`` is the number of calendar days for which the clock
    was stopped.
    """

    unit: str
    amount: int
    start: str = StartRule.NEXT_DAY
    rolling: str = RollingRule.STAYS
    pause: int = 0


@dataclass(frozen=True)
class LastDay:
    """The last day of a deadline.

    ``unmoved`` is the day before the rolling rule; ``provisional`` says that the holidays of a year in between are not
    known yet.
    """

    day: date
    unmoved: date
    provisional: bool

    @property
    def moved(self) -> bool:
        """Return whether the rolling rule moved the last day."""
        return self.day != self.unmoved


def last_day(calendar: WorkingCalendar, start: date, count: Count) -> LastDay:
    """Return the last day of a deadline that starts on ``start``.

    Raises ValueError for a negative amount, more than ten years, or an unknown unit or rule, which must not
    be read as "none".
    """
    _check(count)
    first = start if count.start == StartRule.NEXT_DAY else start - timedelta(days=1)
    if count.unit == Unit.WORKING_DAYS:
        end = calendar.add_working_days(first, count.amount).day
    elif count.unit == Unit.DAYS:
        end = first + timedelta(days=count.amount)
    else:
        end = months_later(first, count.amount * (12 if count.unit == Unit.YEARS else 1))
    end += timedelta(days=count.pause)
    unmoved = end
    if count.rolling == RollingRule.NEXT_WORKING_DAY:
        end = next_working_day(calendar, end)
    # Calendar days that stay where they are depend on no list of holidays.
    depends = count.unit == Unit.WORKING_DAYS or count.rolling == RollingRule.NEXT_WORKING_DAY
    known = calendar.knows(start, end) if count.unit == Unit.WORKING_DAYS else calendar.knows(unmoved, end)
    return LastDay(end, unmoved, depends and not known)


def next_working_day(calendar: WorkingCalendar, day: date) -> date:
    """Return ``day`` if it is a working day, else the first one after it."""
    for _number in range(LONGEST_REST):
        if calendar.is_working(day):
            return day
        day += timedelta(days=1)
    raise ValueError("a month without a working day: the calendar is wrong")


def _check(count: Count) -> None:
    if count.unit not in Unit.values or count.start not in StartRule.values or count.rolling not in RollingRule.values:
        raise ValueError(f"unknown rule of counting: {count}")
    longest = {Unit.MONTHS: LONGEST // 30, Unit.YEARS: LONGEST // 365}.get(Unit(count.unit), LONGEST)
    if not 0 <= count.amount <= longest or not 0 <= count.pause <= LONGEST:
        raise ValueError("a deadline is between 0 and ten years away")
