"""Property 14: two beats and two workers run, and every scheduled task is also delivered twice.

The end state is the same as with one of each: every step, message, reminder, file and delivery once. The planted
failures are in ``test_planted_faults.py``.
"""

import time
from collections import Counter
from datetime import timedelta

import pytest
from celery import Celery
from django.conf import settings
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import ChoiceRound, MatchEvent
from portal.audit.models import AuditEntry
from portal.exchange.choices import ExportState
from portal.exchange.models import ExportRun, StoredFile
from portal.exchange.services.exports import export_request
from portal.messaging.choices import Channel, MessageState, ReminderState
from portal.messaging.models import Message, Reminder
from portal.notices.choices import NoticeState
from portal.notices.models import Notice
from portal.signups.choices import SignUpState
from tests.drills.sinks import deliveries
from tests.factories.matchmaking import make_event, make_participation, make_single, put_event
from tests.factories.members import make_staff, phone_number
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization
from tests.stack import Stack

PEOPLE, TEXTS, DEADLINE = 100, 300, 90


@pytest.fixture(scope="module")
def doubled(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """A stack with a second worker and a second beat."""
    folder = tmp_path_factory.mktemp("stack")
    stack = Stack(servers_env, folder, blocker=django_db_blocker)
    stack.env["DJANGO_SETTINGS_MODULE"] = "tests.drills.counting_settings"
    with stack:
        second = stack.twins()
        try:
            for process in second:
                process.start()
            yield stack
        finally:
            for process in second:
                process.stop(5)


def prepare():
    """Create work for every timed task and return it by name."""
    now = timezone.now()
    city = make_organization(name="示例甲市总工会")
    chair = make_staff(city)
    serial = iter(range(8_000_000, 9_000_000))

    def people(event, number, **fields):
        return [
            make_participation(event, make_single(city, phone=phone_number(next(serial))), **fields)
            for _number in range(number)
        ]

    due = {"round": make_event(city, created_by=chair)}
    due["round_people"] = people(due["round"], 4)
    put_event(
        due["round"],
        signup_closes_at=now - timedelta(hours=3),
        choice_opens_at=now - timedelta(hours=2),
        choice_closes_at=now - timedelta(hours=1),
        starts_at=now + timedelta(days=5),
        ends_at=now + timedelta(days=6),
    )
    due["offer"] = make_event(city, created_by=chair, women_quota=10)
    due["over"] = people(due["offer"], 10, state=SignUpState.OFFERED, offered_until=now - timedelta(hours=1))
    due["next"] = people(due["offer"], 20, state=SignUpState.WAITLISTED)
    due["soon"] = make_event(city, created_by=chair)
    due["soon_people"] = people(due["soon"], PEOPLE)
    put_event(due["soon"], starts_at=now + timedelta(hours=10), ends_at=now + timedelta(days=1))
    due["notice"] = make_notice(city, state=NoticeState.APPROVED)
    Notice.objects.filter(pk=due["notice"].pk).update(publish_from=now - timedelta(hours=1))
    due["texts"] = Message.objects.bulk_create(
        Message(
            recipient=due["soon_people"][number % PEOPLE].member,
            kind="matchmaking.offered",
            channel=Channel.SMS,
            context={"title": "示例", "until": now.isoformat()},
        )
        for number in range(TEXTS)
    )
    due["run"] = export_request(actor=chair, address="/members/", here=None, file_format="csv", reason="给上级的年报")
    return due


def twice(stack, due):
    """Send every scheduled task, and the job, twice."""
    app = Celery("second", broker=stack.env["REDIS_URL"])
    names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    try:
        for _round in range(2):
            for name in names:
                app.send_task(name)
            app.send_task("exchange.export_write", args=[due["run"].job_id])
    finally:
        app.close()
    return len(names)


def left(due):
    reminders = Reminder.objects.filter(rule="matchmaking.event_tomorrow").count()
    state = {
        "round": MatchEvent.objects.get(pk=due["round"].pk).state != EventState.REVEALED,
        "offer": due["offer"].signups.filter(state=SignUpState.OFFERED, place__gt=10).count() < 10,
        "reminders": reminders < 2 * PEOPLE,
        "notice": Notice.objects.get(pk=due["notice"].pk).state != NoticeState.PUBLISHED,
        "texts": Message.objects.filter(state=MessageState.WAITING).exists(),
        "export": ExportRun.objects.get(pk=due["run"].pk).state != ExportState.READY,
    }
    return [name for name, missing in state.items() if missing]


def told(about, kind, channel="in_app"):
    """Return {recipient: number of messages} of one kind about ``about``."""
    rows = Message.objects.filter(about_id=about.pk, kind=kind, channel=channel)
    return Counter(rows.values_list("recipient_id", flat=True))


def test_two_of_each_come_to_the_end_state_of_one(doubled, measured):
    stack = doubled
    with stack.orm():
        due = prepare()
        begun = time.monotonic()
        names = twice(stack, due)
        while (missing := left(due)) and time.monotonic() - begun < DEADLINE:
            twice(stack, due)
            time.sleep(2)
        took = time.monotonic() - begun
        assert missing == []
        twice(stack, due)
        time.sleep(10)

        sent = deliveries(stack.sms_dir)
        measured(
            tasks=names,
            done_after=f"{took:.0f} s",
            texts=len(sent),
            texts_twice=sum(count > 1 for count in sent.values()),
            reminders=Reminder.objects.filter(rule="matchmaking.event_tomorrow").count(),
            runs_seen=[stack.log(name).count("begun") for name in ("worker", "worker2")],
        )
        assert set(sent.values()) == {1}, "each text message goes out once"
        assert {str(message.key) for message in due["texts"]} <= set(sent)
        steps = AuditEntry.objects.about(due["round"]).exclude(to_state="").values_list("to_state", flat=True)
        assert Counter(steps) == {"signup_closed": 1, "choice_open": 1, "revealed": 1}
        assert ChoiceRound.objects.count() == 1
        assert told(due["round"], "matchmaking.choice_open") == {row.member_id: 1 for row in due["round_people"]}
        assert Counter(due["offer"].signups.values_list("state", flat=True)) == {
            "expired": 10, "offered": 10, "waitlisted": 10}  # fmt: skip
        assert told(due["offer"], "matchmaking.offered") == {row.member_id: 1 for row in due["next"][:10]}
        assert told(due["offer"], "matchmaking.offer_expired") == {row.member_id: 1 for row in due["over"]}
        tomorrow = Message.objects.filter(kind="matchmaking.event_tomorrow")
        assert set(Counter(tomorrow.values_list("recipient_id", "channel")).values()) == {1}
        assert (
            Reminder.objects.filter(rule="matchmaking.event_tomorrow", state=ReminderState.SENT).count() == 2 * PEOPLE
        )
        assert AuditEntry.objects.about(due["notice"]).filter(to_state="published").count() == 1
        assert StoredFile.objects.count() == 1
        assert AuditEntry.objects.filter(action="export.write").count() == 1
        # Both workers did a part of the work; neither stands idle.
        assert all(stack.log(name).count("begun") for name in ("worker", "worker2"))
