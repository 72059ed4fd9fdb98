"""The calendar that administrators keep: loaded once, edited by them, read in one query."""

from datetime import date

import pytest
from django.core.management import call_command

from portal.core.calendar import Deadline
from portal.organizations.choices import DayKind
from portal.organizations.models import CalendarDay
from portal.organizations.selectors import working_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    call_command("load_calendar", verbosity=0)


def test_the_golden_days_of_2026(loaded, django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = working_calendar()
    assert calendar.add_working_days(date(2026, 9, 21), 15) == Deadline(date(2026, 10, 19), assumed=False)
    assert calendar.add_working_days(date(2026, 9, 28), 5) == Deadline(date(2026, 10, 10), assumed=False)


def test_loading_again_keeps_what_an_administrator_changed(loaded):
    CalendarDay.objects.filter(day=date(2026, 10, 10)).update(kind=DayKind.HOLIDAY)
    before = CalendarDay.objects.count()
    call_command("load_calendar", verbosity=0)
    assert CalendarDay.objects.count() == before
    assert CalendarDay.objects.get(day=date(2026, 10, 10)).kind == DayKind.HOLIDAY


def test_without_days_every_deadline_is_assumed():
    assert working_calendar().add_working_days(date(2026, 9, 28), 5) == Deadline(date(2026, 10, 5), assumed=True)
