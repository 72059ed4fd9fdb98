"""Keys of one day: the next day they are others, and nobody can make the old ones again."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from portal.core.backups import LEFT_OUT
from portal.core.daily import daily_key, sweep
from portal.core.limits import Limit, take
from portal.core.models import DailySecret, Throttle
from portal.members.services import sweeping
from tests.threads import at_once

ADDRESS = "203.0.113.7"


@pytest.fixture
def set_day(monkeypatch):
    """Return a function that makes it noon, so many days after a day of 2026."""

    def of(days):
        noon = timezone.make_aware(datetime(2026, 11, 27, 12)) + timedelta(days=days)  # noqa: DTZ001 - made aware
        monkeypatch.setattr(timezone, "now", lambda: noon)

    return of


@pytest.mark.django_db
def test_a_key_is_the_same_all_day_and_another_one_the_next(set_day):
    set_day(0)
    key = daily_key(ADDRESS)
    assert daily_key(ADDRESS) == key
    assert daily_key("203.0.113.8") != key
    set_day(1)
    assert daily_key(ADDRESS) != key


@pytest.mark.django_db
def test_yesterdays_counts_lead_to_no_address(set_day):
    """After the secret is gone, the key of the same address on the same day is another one."""
    set_day(0)
    take(Limit("door", daily_key(ADDRESS), 5, 3600))
    stored = Throttle.objects.get().bucket
    assert Limit("door", daily_key(ADDRESS), 5, 3600).bucket == stored
    set_day(1)
    sweeping.sweep()
    assert not DailySecret.objects.exists()
    set_day(0)
    assert Limit("door", daily_key(ADDRESS), 5, 3600).bucket != stored


@pytest.mark.django_db
def test_the_secret_goes_with_its_day_even_if_no_task_runs(set_day):
    set_day(0)
    daily_key(ADDRESS)
    set_day(1)
    daily_key(ADDRESS)
    assert [str(row.day) for row in DailySecret.objects.all()] == ["2026-11-28"]


@pytest.mark.django_db
def test_the_secret_of_today_stays(set_day):
    set_day(0)
    key = daily_key(ADDRESS)
    sweep()
    assert daily_key(ADDRESS) == key


@pytest.mark.django_db
def test_the_secret_is_not_in_clear_and_in_no_backup(set_day):
    set_day(0)
    daily_key(ADDRESS)
    secret = DailySecret.objects.get().secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM core_dailysecret s")
        row = cursor.fetchone()[0]
    assert secret not in row
    assert secret.encode().hex() not in row
    assert DailySecret._meta.db_table in LEFT_OUT
    assert str(DailySecret.objects.get()) == "Secret of 2026-11-27"


def test_all_who_need_it_first_at_once_get_the_same(committed):
    keys = at_once(lambda _number: daily_key(ADDRESS), range(20), threads=20)
    assert len(set(keys)) == 1
    assert DailySecret.objects.count() == 1
