"""Open or not: published cases, and a reading minute by minute beside it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from chinese_calendar import constants
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.bounds import CHINA
from portal.core.calendar import WorkingCalendar
from portal.locations.hours import CLOSED, Hours
from portal.locations.opening import Closure, Opening, is_holiday, open_at, parts_on
from portal.locations.reading import read_hours
from tests.locations.test_reading import hours

FREE = "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06"
WORKED = "01-04 02-14 02-28 05-09 09-20 10-10"
CALENDAR = WorkingCalendar(
    holidays=frozenset(date.fromisoformat(f"2026-{day}") for day in [*FREE.split(), "10-07"]),
    workdays=frozenset(date.fromisoformat(f"2026-{day}") for day in WORKED.split()),
    years=frozenset({2026}),
)
REPAIR = Closure(date(2026, 11, 20), date(2026, 12, 5), "检修")


def at(text):
    return datetime.fromisoformat(text if len(text) > 11 else f"2026-{text}").replace(tzinfo=CHINA)


def opening(text, moment, *closures):
    return open_at(read_hours(text), closures, at(moment), CALENDAR)


@pytest.mark.parametrize(
    ("text", "moment", "is_open", "until", "next_open"),
    [
        ("Mo-Su 09:00-21:00; PH off", "2026-03-08 10:00", True, "2026-03-08 21:00", None),
        ("Mo-Su 09:00-21:00; PH off", "2026-02-17 10:00", False, None, "2026-02-24 09:00"),
        ("Mo-Su 09:00-21:00; PH off", "2026-10-06 10:00", False, None, "2026-10-08 09:00"),
        # A Saturday between two holidays.
        ("Mo-Su 09:00-21:00; PH off", "2026-10-03 10:00", False, None, "2026-10-08 09:00"),
        ("工作日 08:30-16:30", "2026-02-14 10:00", True, "2026-02-14 16:30", None),
        ("工作日 08:30-16:30", "2026-10-10 10:00", True, "2026-10-10 16:30", None),
        ("工作日 08:30-16:30", "2026-02-20 10:00", False, None, "2026-02-24 08:30"),
        ("工作日 08:30-16:30", "2026-09-20 10:00", True, "2026-09-20 16:30", None),
        ("周一至周五 8:30-16:30", "2026-10-10 10:00", False, None, "2026-10-12 08:30"),
        ("Mon-Fri 09:00-12:00, 13:30-17:00", "2026-11-27 09:00", True, "2026-11-27 12:00", None),
        ("Mon-Fri 09:00-12:00, 13:30-17:00", "2026-11-27 12:00", False, None, "2026-11-27 13:30"),
        ("Mon-Fri 09:00-12:00, 13:30-17:00", "2026-11-27 12:30", False, None, "2026-11-27 13:30"),
        ("Mon-Fri 09:00-12:00, 13:30-17:00", "2026-11-27 13:30", True, "2026-11-27 17:00", None),
        ("Mon-Fri 09:00-12:00, 13:30-17:00", "2026-11-27 16:59", True, "2026-11-27 17:00", None),
        ("Mon-Fri 09:00-12:00, 13:30-17:00", "2026-11-27 17:00", False, None, "2026-11-30 09:00"),
        # A day's opening belongs to its start day.
        ("Sun 19:00-02:00; PH off", "2026-04-06 01:00", True, "2026-04-06 02:00", None),
        ("Sun 19:00-02:00; PH off", "2026-10-05 01:00", False, None, "2026-10-11 19:00"),
        ("Thu 18:00-03:00; PH off", "2026-05-01 01:00", True, "2026-05-01 03:00", None),
        ("daily 22:00-06:00; PH off", "2026-05-01 05:00", True, "2026-05-01 06:00", None),
        ("daily 22:00-06:00; PH off", "2026-05-02 05:00", False, None, "2026-05-06 22:00"),
        ("Tue-Thu 07:00-04:00, Fri-Sun 09:00-17:00", "2026-11-27 02:00", True, "2026-11-27 04:00", None),
        ("Fri-Sun 09:00-17:00, Tue-Thu 07:00-04:00", "2026-11-27 02:00", True, "2026-11-27 04:00", None),
        ("Mon-Sat 8-20; Sun and holidays closed", "2026-11-29 10:00", False, None, "2026-11-30 08:00"),
        ("Mon-Fri 11:30-15:00 and Wed-Mon 18:00-23:00", "2026-11-25 12:00", True, "2026-11-25 15:00", None),
        ("Mon-Fri 11:30-15:00 and Wed-Mon 18:00-23:00", "2026-11-25 19:00", True, "2026-11-25 23:00", None),
        ("Mon-Fri 11:30-15:00 and Wed-Mon 18:00-23:00", "2026-11-24 19:00", False, None, "2026-11-25 11:30"),
        ("daily 22:00-06:00", "2026-11-24 05:59", True, "2026-11-24 06:00", None),
        ("23:00-22:59", "2026-11-24 22:59", False, None, "2026-11-24 23:00"),
        ("23:00-22:59", "2026-11-24 22:58", True, "2026-11-24 22:59", None),
        ("24小时", "2026-11-24 00:00", True, None, None),
        ("周一至周五 24小时", "2026-11-27 23:59", True, "2026-11-28 00:00", None),
        ("周一至周五 24小时", "2026-11-25 10:00", True, "2026-11-28 00:00", None),
        ("休息", "2026-11-25 10:00", False, None, None),
        ("周一至周六 9-17；节假日 10:00-12:00", "2026-10-01 10:00", True, "2026-10-01 12:00", None),
        ("节假日 10:00-12:00", "2026-10-08 10:00", False, None, None),
        ("节假日 10:00-12:00", "2026-06-22 10:00", False, None, "2026-09-25 10:00"),
    ],
)
def test_moments(text, moment, is_open, until, next_open):
    found = opening(text, moment)
    assert (found.open, found.until, found.next_open) == (is_open, until and at(until), next_open and at(next_open))
    assert found.closure is None


def test_a_sunday_night_goes_on_into_a_holiday():
    calendar = WorkingCalendar(holidays=frozenset({date(2026, 11, 30)}), years=frozenset({2026}))
    found = open_at(read_hours("Sun 19:00-02:00; PH off"), (), at("2026-11-30 01:00"), calendar)
    assert found == Opening(open=True, until=at("2026-11-30 02:00"))
    assert not open_at(read_hours("Mon 0:00-02:00; PH off"), (), at("2026-11-30 01:00"), calendar).open


def test_a_closure_has_a_reason_and_an_end():
    found = opening("Daily 09:00-21:00", "2026-11-28 10:00", REPAIR)
    assert found == Opening(open=False, next_open=at("2026-12-06 09:00"), closure=REPAIR)
    assert opening("Daily 09:00-21:00", "2026-12-06 10:00", REPAIR).open
    assert opening("Daily 09:00-21:00", "2026-11-19 22:00", REPAIR).next_open == at("2026-12-06 09:00")
    # The night before goes on; the night of the last day does not begin.
    assert opening("Daily 22:00-06:00", "2026-11-20 01:00", REPAIR).open
    assert opening("Daily 22:00-06:00", "2026-12-06 01:00", REPAIR).next_open == at("2026-12-06 22:00")
    with pytest.raises(ValueError, match="before"):
        Closure(date(2026, 12, 5), date(2026, 11, 20))


def test_hours_that_are_not_known_are_neither_open_nor_closed():
    assert open_at(None, (), at("2026-11-28 10:00"), CALENDAR) == Opening(open=None)
    assert open_at(None, (REPAIR,), at("2026-11-28 10:00"), CALENDAR) == Opening(open=False, closure=REPAIR)


def test_a_year_without_known_holidays_is_assumed():
    assert opening("工作日 8:30-16:30", "2027-02-08 10:00") == Opening(
        open=True, until=at("2027-02-08 16:30"), assumed=True
    )
    assert opening("工作日 8:30-16:30", "2026-12-31 17:00").assumed
    assert not opening("工作日 8:30-16:30", "2026-12-31 10:00").assumed
    assert not opening("周一至周五 8:30-16:30", "2027-02-08 10:00").assumed


def test_any_time_zone_and_none():
    moment = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    assert open_at(read_hours("Fri 9:00-17:00"), (), moment, CALENDAR).open
    with pytest.raises(ValueError, match="time zone"):
        open_at(read_hours("Fri 9:00-17:00"), (), datetime(2026, 11, 27, 1, 0), CALENDAR)  # noqa: DTZ001


def test_holidays_are_those_of_the_lists():
    years = range(2024, 2027)
    listed = {day for day in constants.holidays if day.year in years}
    weekdays = frozenset(day for day in listed if day.weekday() < 5)
    worked = frozenset(day for day in constants.workdays if day.year in years)
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(3 * 365 + 1)]
    whole = WorkingCalendar(frozenset(listed), worked, frozenset(years))
    assert {day for day in days if is_holiday(whole, day)} == listed
    # From the weekdays alone, weekends between them follow; those at the ends of a holiday stay weekends.
    found = {day for day in days if is_holiday(WorkingCalendar(weekdays, worked, frozenset(years)), day)}
    assert weekdays < found < listed
    assert {day for day in listed - found if day.year == 2026} == {
        date(2026, month, day) for month, day in ((1, 3), (2, 15), (4, 4), (4, 5), (6, 20), (6, 21), (9, 26), (9, 27))
    }


def minutes_open(found, closures, first, days):
    """The minutes from ``first`` on that are open, one by one."""
    marked = set()
    for number in range(-3, days):
        day = first + timedelta(days=number)
        if any(one.starts_on <= day <= one.ends_on for one in closures):
            continue
        for start, end in parts_on(found, day, CALENDAR):
            marked.update(range(number * 1440 + start, number * 1440 + end))
    return marked


closures = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 4)).map(
        lambda pair: Closure(
            date(2026, 9, 24) + timedelta(days=pair[0]), date(2026, 9, 24) + timedelta(days=pair[0] + pair[1])
        )
    ),
    max_size=2,
)


@settings(max_examples=60, deadline=None)
@given(hours, closures, st.integers(0, 10 * 1440))
def test_a_reading_minute_by_minute_agrees(found, shut, minute):
    first, days = date(2026, 9, 24), 40
    marked = minutes_open(found, shut, first, days)
    moment = datetime.combine(first, datetime.min.time(), CHINA) + timedelta(minutes=minute)
    result = open_at(found, shut, moment, CALENDAR)
    assert result.open == (minute in marked)
    if result.open:
        stop = next((later for later in range(minute, minute + 8 * 1440) if later not in marked), None)
        assert result.until == (stop and moment + timedelta(minutes=stop - minute))
        assert result.next_open is None
    else:
        begin = min((later for later in marked if later > minute), default=None)
        if begin is not None:
            assert result.next_open == moment + timedelta(minutes=begin - minute)
        assert result.until is None


def test_hours_of_no_day_are_closed_for_good():
    assert open_at(Hours(), (), at("2026-11-28 10:00"), CALENDAR) == Opening(open=False)
    assert parts_on(Hours(), date(2026, 11, 28), CALENDAR) == CLOSED
