"""The last day of deadlines: published examples, and a count day by day beside it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.calendar import WorkingCalendar
from portal.deadlines.choices import RollingRule, StartRule, Unit
from portal.deadlines.counting import Count, last_day, next_working_day

WORKING, DAYS, MONTHS, YEARS = Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS, Unit.YEARS
ROLLS = RollingRule.NEXT_WORKING_DAY
FREE = {
    2025: "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 "
    "10-07",
}
WORKED = {
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}


def days(lists):
    return frozenset(date.fromisoformat(f"{year}-{day}") for year, text in lists.items() for day in text.split())


CALENDAR = WorkingCalendar(holidays=days(FREE), workdays=days(WORKED), years=frozenset(FREE))


def counted(start, count):
    return last_day(CALENDAR, date.fromisoformat(start), count)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_calendars_have_248_working_days(year):
    whole = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    assert sum(CALENDAR.is_working(day) for day in whole) == 248


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2025-01-20", 5, "2025-01-26"),
        ("2025-01-27", 5, "2025-02-10"),
        ("2025-04-30", 15, "2025-05-26"),
        ("2025-09-26", 5, "2025-10-10"),
        ("2025-09-30", 3, "2025-10-11"),
        ("2026-09-21", 15, "2026-10-19"),
        ("2026-09-28", 5, "2026-10-10"),
        ("2025-07-01", 60, "2025-09-23"),
        ("2026-06-01", 60, "2026-08-25"),
        ("2026-08-03", 60, "2026-10-30"),
        # A letter of opinion: 15 working days after it was served.
        ("2025-09-22", 15, "2025-10-17"),
        ("2025-01-20", 15, "2025-02-14"),
        # A start on a holiday, and on a Sunday that is worked.
        ("2026-09-25", 1, "2026-09-28"),
        ("2026-09-20", 1, "2026-09-21"),
    ],
)
def test_working_days(start, amount, end):
    found = counted(start, Count(WORKING, amount))
    assert (found.day.isoformat(), found.provisional) == (end, False)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        # Limitation of labour disputes: one year, Labour Dispute Mediation and Arbitration Law 27.
        ("2026-03-10", Count(YEARS, 1, rolling=ROLLS), "2027-03-10"),
        ("2025-03-10", Count(YEARS, 1, rolling=ROLLS, pause=30), "2026-04-09"),
        ("2025-01-01", Count(YEARS, 1, rolling=ROLLS), "2026-01-04"),
        ("2024-01-01", Count(YEARS, 1, rolling=ROLLS), "2025-01-02"),
        ("2024-02-29", Count(YEARS, 1), "2025-02-28"),
        ("2014-05-28", Count(MONTHS, 3), "2014-08-28"),
        # Mediation: 15 days from receipt, moved by National Day.
        ("2026-09-20", Count(DAYS, 15, rolling=ROLLS), "2026-10-08"),
        # Award: 45 days, and 15 more.
        ("2026-04-10", Count(DAYS, 45, rolling=ROLLS), "2026-05-25"),
        ("2026-04-10", Count(DAYS, 60, rolling=ROLLS), "2026-06-09"),
        ("2026-08-21", Count(DAYS, 45, rolling=ROLLS), "2026-10-08"),
        # Filing of a contract: 10 days; objection: 15 days from receipt.
        ("2026-11-02", Count(DAYS, 10, rolling=ROLLS), "2026-11-12"),
        ("2026-11-10", Count(DAYS, 15, rolling=ROLLS), "2026-11-25"),
        ("2026-09-21", Count(DAYS, 10, rolling=ROLLS), "2026-10-08"),
        ("2026-02-05", Count(DAYS, 10, rolling=ROLLS), "2026-02-24"),
        # A last day on a worked weekend does not move.
        ("2025-09-13", Count(DAYS, 15, rolling=ROLLS), "2025-09-28"),
        ("2026-09-05", Count(DAYS, 15, rolling=ROLLS), "2026-09-20"),
        ("2025-12-30", Count(DAYS, 5, rolling=ROLLS), "2026-01-04"),
        # Maternity leave: the first day counts, and the end does not move.
        ("2026-01-10", Count(DAYS, 98, start=StartRule.SAME_DAY), "2026-04-17"),
        ("2026-01-10", Count(DAYS, 158, start=StartRule.SAME_DAY), "2026-06-16"),
        ("2026-01-10", Count(DAYS, 178, start=StartRule.SAME_DAY), "2026-07-06"),
        ("2026-01-10", Count(DAYS, 180, start=StartRule.SAME_DAY), "2026-07-08"),
        ("2022-08-15", Count(DAYS, 158, start=StartRule.SAME_DAY), "2023-01-19"),
    ],
)
def test_days_months_and_years(start, count, end):
    assert counted(start, count).day.isoformat() == end


def test_the_day_that_moved_is_known():
    found = counted("2026-09-20", Count(DAYS, 15, rolling=ROLLS))
    assert (found.moved, found.unmoved) == (True, date(2026, 10, 5))
    assert not counted("2026-04-10", Count(DAYS, 45, rolling=ROLLS)).moved


def test_a_day_beyond_the_calendar_is_provisional():
    assert counted("2026-11-28", Count(WORKING, 60)).provisional
    assert counted("2026-12-20", Count(DAYS, 20, rolling=ROLLS)).provisional
    # A day that does not move depends on no list of holidays; nor does one that starts long before the calendar.
    assert not counted("2026-12-20", Count(DAYS, 20)).provisional
    assert not counted("2024-06-01", Count(YEARS, 1, rolling=ROLLS)).provisional


def test_working_days_before_a_hearing():
    """Three working days before Monday 12 October 2026: 8, 9 and Saturday 10 October, which is worked."""
    assert CALENDAR.subtract_working_days(date(2026, 10, 12), 3) == date(2026, 10, 8)
    assert CALENDAR.subtract_working_days(date(2026, 10, 12), 4) == date(2026, 9, 30)


@pytest.mark.parametrize(
    "count",
    [
        Count("fortnights", 1),
        Count(DAYS, 1, rolling="somewhere"),
        Count(DAYS, 1, start="later"),
        Count(DAYS, -1),
        Count(DAYS, 3661),
        Count(YEARS, 11),
        Count(MONTHS, 123),
        Count(DAYS, 1, pause=-1),
    ],
)
def test_what_cannot_be_counted_is_refused(count):
    with pytest.raises(ValueError, match=r"unknown rule|between 0 and ten years"):
        counted("2026-01-01", count)


def test_a_calendar_without_working_days_is_refused():
    empty = WorkingCalendar(holidays=frozenset(date(2026, 1, 1) + timedelta(days=number) for number in range(60)))
    with pytest.raises(ValueError, match="calendar is wrong"):
        next_working_day(empty, date(2026, 1, 1))


# A busy machine is no failure.
at_length = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DATES = st.dates(date(2025, 1, 1), date(2026, 12, 31))


def by_hand(start, amount, first_counts):
    """Count working days one by one, as a person does with a calendar on paper."""
    day, left = start, amount
    if first_counts and CALENDAR.is_working(day):
        left -= 1
    while left > 0:
        day += timedelta(days=1)
        if day.isoformat()[5:] in WORKED.get(day.year, "").split() or (
            day.weekday() < 5 and day.isoformat()[5:] not in FREE.get(day.year, "").split()
        ):
            left -= 1
    return day


@at_length
@given(DATES, st.integers(1, 90), st.booleans())
def test_working_days_are_those_of_a_count_by_hand(start, amount, first_counts):
    rule = StartRule.SAME_DAY if first_counts else StartRule.NEXT_DAY
    found = last_day(CALENDAR, start, Count(WORKING, amount, start=rule))
    assert found.day == by_hand(start, amount, first_counts)


@at_length
@given(DATES, st.integers(0, 400), st.integers(0, 60))
def test_a_moved_day_is_the_first_working_day_from_the_unmoved_one_on(start, amount, pause):
    found = last_day(CALENDAR, start, Count(DAYS, amount, rolling=ROLLS, pause=pause))
    assert found.unmoved == start + timedelta(days=amount + pause)
    between = (found.unmoved + timedelta(days=number) for number in range((found.day - found.unmoved).days))
    assert CALENDAR.is_working(found.day)
    assert not any(CALENDAR.is_working(day) for day in between)


@at_length
@given(DATES, st.integers(1, 60))
def test_counting_back_and_forth_meets(day, amount):
    first = CALENDAR.subtract_working_days(day, amount)
    assert CALENDAR.working_days_between(first - timedelta(days=1), day - timedelta(days=1)) == amount
