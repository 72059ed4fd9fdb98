"""Whether a place is open at a moment, until when, and when it opens next. Pure calculation.

An opening belongs to the day on which it begins: hours past midnight go on into a public holiday or a closure, and do
not begin on one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal.core.bounds import CHINA
from portal.core.calendar import SATURDAY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from portal.core.calendar import WorkingCalendar
    from portal.locations.hours import Hours, Parts

ONE_DAY = timedelta(days=1)
# How many days an opening is followed: longer ones have no end that anybody needs.
FOLLOWED = 8
# How many days the next opening is looked for beyond the last day of all closures.
LOOKED_AHEAD = 400


@dataclass(frozen=True)
class Closure:
    """Days on which a place is closed, first and last included, and the reason as the public reads it."""

    starts_on: date
    ends_on: date
    reason: str = ""

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError("a closure ends before it starts")


@dataclass(frozen=True)
class Opening:
    """What is known of a place at one moment.

    ``open`` is None if its hours are not known. ``until`` is the end of the present opening, None if it is closed or
    stays open for a week; ``next_open`` the begin of the next opening of a closed place, None if there is none.
    ``closure`` is the one in force. ``assumed``: the holidays of that year are not known, Monday to Friday count as
    working days.
    """

    open: bool | None
    until: datetime | None = None
    next_open: datetime | None = None
    closure: Closure | None = None
    assumed: bool = False


def open_at(hours: Hours | None, closures: Collection[Closure], moment: datetime, calendar: WorkingCalendar) -> Opening:
    """Return whether the place is open at ``moment``: at the first minute of a part it is, at the end no longer.

    Raises ValueError for a moment without time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment has a time zone")
    now = moment.astimezone(CHINA)
    today = now.date()
    closure = next((one for one in closures if one.starts_on <= today <= one.ends_on), None)
    if hours is None:
        return Opening(open=False if closure else None, closure=closure)
    start, end = _present_or_next(hours, closures, now, calendar)
    seen = max(today, start.date()) if start else today
    assumed = hours.follows_calendar and not calendar.knows(today - ONE_DAY, seen)
    if start is not None and end is not None and start <= now:
        until = end if end < now + FOLLOWED * ONE_DAY else None
        return Opening(open=True, until=until, assumed=assumed)
    return Opening(open=False, next_open=start, closure=closure, assumed=assumed)


def is_holiday(calendar: WorkingCalendar, day: date) -> bool:
    """Return whether ``day`` is in a public holiday.

    A calendar may hold only the weekdays among them. A Saturday or Sunday that it does not hold is one if it is not
    worked and lies between two such weekdays, as in the week of the National Day.
    """
    if day in calendar.holidays:
        return True
    if day.weekday() < SATURDAY or calendar.is_working(day):
        return False
    return all(_next_weekday(calendar, day, step) in calendar.holidays for step in (-ONE_DAY, ONE_DAY))


def _next_weekday(calendar: WorkingCalendar, day: date, step: timedelta) -> date:
    """Return the nearest weekday or worked day in one direction."""
    while day.weekday() >= SATURDAY and not calendar.is_working(day):
        day += step
    return day


def parts_on(hours: Hours, day: date, calendar: WorkingCalendar) -> Parts:
    """Return the parts that begin on ``day`` by hours and calendar, without closures."""
    if hours.holidays is not None and is_holiday(calendar, day):
        return hours.holidays
    if hours.working is not None and calendar.is_working(day):
        return hours.working
    return hours.week[day.weekday()]


def _present_or_next(
    hours: Hours, closures: Collection[Closure], now: datetime, calendar: WorkingCalendar
) -> tuple[datetime | None, datetime | None]:
    """Return begin and end of the opening at ``now``, or of the next one; two times None if there is none.

    Openings that touch are one. One that goes on for more than FOLLOWED days is cut somewhere behind them.
    """
    start: datetime | None = None
    end: datetime | None = None
    if hours.is_never_open:
        return None, None
    for begin, stop in _parts_from(hours, closures, now.date(), calendar):
        if start is None or end is None or begin > end:
            if end is not None and end > now:
                break
            start, end = begin, stop
        else:
            end = max(end, stop)
        if start > now or end > now + (FOLLOWED + 1) * ONE_DAY:
            break
    return (start, end) if end is not None and end > now else (None, None)


def _parts_from(
    hours: Hours, closures: Collection[Closure], today: date, calendar: WorkingCalendar
) -> Iterator[tuple[datetime, datetime]]:
    """Yield begin and end of each part in order, from two days before ``today`` to LOOKED_AHEAD days after closures."""
    last = max([today, *(one.ends_on for one in closures)])
    for number in range(-2, (last - today).days + LOOKED_AHEAD):
        day = today + number * ONE_DAY
        if any(one.starts_on <= day <= one.ends_on for one in closures):
            continue
        midnight = datetime.combine(day, time(), CHINA)
        for start, end in parts_on(hours, day, calendar):
            yield midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)
