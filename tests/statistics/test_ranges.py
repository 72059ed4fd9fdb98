"""Different people in a free range of months.

The range is requested, counted by a job, and reported; it is refused if the permission has ended.
"""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.errors import DomainError
from portal.core.periods import Period
from portal.members.models import Duty
from portal.messaging.choices import JobState
from portal.messaging.models import Job, Message
from portal.statistics import tasks
from portal.statistics.models import RangeCount
from portal.statistics.registry import indicators
from portal.statistics.selectors import rows
from portal.statistics.services.ranges import range_count_ask
from portal.statistics.services.recounting import recount
from tests.factories.matchmaking import make_participation, make_single
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.statistics.held import held_event

pytestmark = pytest.mark.django_db
RANGE = "2026-02..2026-04"


@pytest.fixture
def city():
    """A city; one person came to its events in February, March and June, and another person in March."""
    made = make_organization(name="示例甲市总工会")
    person, other = make_single(make_unit(made)), make_single(make_unit(made))
    for day in (date(2026, 2, 5), date(2026, 3, 5), date(2026, 6, 5)):
        event = held_event(made, day)
        make_participation(event, person)
        if day.month == 3:
            make_participation(event, other)
    recount()
    return made


def ask(client, city, period=RANGE, code="MM02p"):
    return client.post(f"{reverse('statistics:range-count')}?code={code}&node={city.pk}&period={period}")


def explorer(client, city):
    return client.get(reverse("statistics:explorer"), {"code": "MM02p", "node": city.pk, "period": RANGE})


def test_a_range_is_counted_from_the_button_to_the_message(client, city):
    chair = make_staff(city)
    sign_in(client, chair)
    assert explorer(client, city).context_data["total"].pending
    assert "开始计算" in explorer(client, city).content.decode()

    assert ask(client, city).status_code == 302
    row = RangeCount.objects.get()
    assert (row.value, row.job.state) == (None, JobState.QUEUED)
    assert ask(client, city).status_code == 302
    assert RangeCount.objects.count() == 1
    part = reverse("statistics:range-part", args=[row.pk])
    assert f'hx-get="{part}"' in explorer(client, city).content.decode()
    assert f'hx-get="{part}"' in client.get(part).content.decode()

    tasks.range_count(row.job_id)
    row.refresh_from_db()
    assert (row.value, row.job.state) == (2, JobState.DONE)
    assert row.value == rows.people_of(indicators()["MM02p"], city, Period.parse(RANGE))
    assert f'hx-get="{part}"' not in client.get(part).content.decode()
    total = explorer(client, city).context_data["total"]
    assert (total.value, total.pending) == (2, False)
    (message,) = Message.objects.filter(kind="statistics.range_counted", channel="in_app")
    assert message.recipient_id == chair.pk

    tasks.range_count(row.job_id)
    assert Message.objects.filter(kind="statistics.range_counted", channel="in_app").count() == 1


def test_the_job_asks_again_whether_she_may(client, city):
    """Property 26: the range is requested, the duty ends, the worker runs.

    Nothing is counted, and the reason is kept.
    """
    chair = make_staff(city)
    sign_in(client, chair)
    ask(client, city)
    row = RangeCount.objects.get()
    Duty.objects.filter(member=chair).update(
        valid_from=timezone.localdate() - timedelta(days=9), valid_until=timezone.localdate()
    )

    tasks.range_count(row.job_id)
    row.refresh_from_db()
    assert (row.value, row.job.state, row.job.error) == (None, JobState.FAILED, "您已无权查看这些数字。")
    assert not Message.objects.filter(kind="statistics.range_counted").exists()
    sign_in(client, make_staff(make_organization()))
    assert client.get(reverse("statistics:range-part", args=[row.pk])).status_code == 404


def test_after_a_refusal_it_can_be_asked_again(client, city):
    chair = make_staff(city)
    sign_in(client, chair)
    ask(client, city)
    Job.objects.update(state=JobState.FAILED, error="示例", finished_at=timezone.now())
    assert "开始计算" in explorer(client, city).content.decode()
    ask(client, city)
    assert RangeCount.objects.count() == 2


@pytest.mark.parametrize(("code", "period"), [("MM02", RANGE), ("MM02p", "2026"), ("MM04", RANGE)])
def test_what_stands_already_is_not_counted_on_request(client, city, code, period):
    sign_in(client, make_staff(city))
    assert ask(client, city, period, code).status_code == 400
    assert RangeCount.objects.count() == 0
    with pytest.raises(DomainError):
        range_count_ask(
            actor=make_staff(city), indicator=indicators()[code], organization=city, period=Period.parse(period)
        )
