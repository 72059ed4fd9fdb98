"""Deadlines: the golden vectors of the legal calculation, and years with holidays not yet known."""

from datetime import date, timedelta

import pytest

from portal.core.calendar import Deadline, WorkingCalendar


def span(first, last):
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


@pytest.fixture
def year_2026():
    """The autumn of 2026: Mid-Autumn 25 to 27 September, National Day 1 to 7 October, two shifted days."""
    return WorkingCalendar(
        holidays=frozenset(span(date(2026, 9, 25), date(2026, 9, 27)) | span(date(2026, 10, 1), date(2026, 10, 7))),
        workdays=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
        years=frozenset({2026}),
    )


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        (date(2026, 9, 21), 15, date(2026, 10, 19)),
        (date(2026, 9, 28), 5, date(2026, 10, 10)),
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 9, 18), 0, date(2026, 9, 18)),
    ],
)
def test_working_days_are_counted_from_the_day_after(year_2026, start, count, last):
    assert year_2026.add_working_days(start, count) == Deadline(last, assumed=False)
    assert year_2026.working_days_between(start, last) == count


def test_a_year_nobody_knows_yet_is_assumed(year_2026):
    assert year_2026.add_working_days(date(2026, 12, 30), 3) == Deadline(date(2027, 1, 4), assumed=True)


@pytest.mark.parametrize("count", [-1, 10_000])
def test_an_endless_deadline_is_a_fault_of_the_caller(count):
    with pytest.raises(ValueError, match="deadline"):
        WorkingCalendar().add_working_days(date(2026, 1, 1), count)
