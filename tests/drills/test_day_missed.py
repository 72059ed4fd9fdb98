"""Property 13: worker and beat stop for a day; afterwards everything that fell due is done once.

Reminders that are still useful are sent once, and those that are not are recorded and not sent; timed steps are taken,
offers pass on, jobs run, the audit is sealed. The planted failures are in ``test_planted_faults.py``.
"""

import contextlib
import time
import urllib.error
import urllib.request
from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import MatchEvent, Pair
from portal.audit.models import AuditEntry
from portal.core.models import Heartbeat
from portal.exchange.choices import ExportState
from portal.exchange.models import ExportRun
from portal.exchange.services.exports import export_request
from portal.messaging.choices import Channel, MessageState, ReminderState
from portal.messaging.models import Job, Message, Reminder
from portal.notices.choices import NoticeState
from portal.notices.models import Notice
from portal.signups.choices import SignUpState
from tests.drills.sinks import deliveries
from tests.factories.matchmaking import make_event, make_participation, make_single, put_event
from tests.factories.members import make_member, make_staff, phone_number
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization
from tests.stack import Stack

DEADLINE = 90
DAY = timedelta(days=1)
TEXTS = 50


@pytest.fixture(scope="module")
def stopped(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """A stack whose worker and beat were stopped."""
    stack = Stack(servers_env, tmp_path_factory.mktemp("stack"), blocker=django_db_blocker)
    stack.env["DJANGO_SETTINGS_MODULE"] = "tests.drills.counting_settings"
    with stack:
        stack.stop_beat()
        stack.stop_worker()
        yield stack


def ready(stack):
    with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(f"{stack.url}/readyz", timeout=10):
        return True
    return False


def prepare():
    """Create everything that would have been due yesterday and return it by name."""
    now = timezone.now()
    city = make_organization(name="示例甲市总工会")
    chair = make_staff(city)
    serial = iter(range(7_000_000, 8_000_000))

    def event(**times):
        return make_event(city, created_by=chair, women_quota=1, **times)

    def person(of, **fields):
        return make_participation(of, make_single(city, phone=phone_number(next(serial))), **fields)

    due = {}
    # Its whole choice round was within the missed day; nobody chose.
    due["round"] = event()
    due["round_people"] = [person(due["round"]) for _number in range(2)]
    put_event(
        due["round"],
        signup_closes_at=now - timedelta(hours=20),
        choice_opens_at=now - timedelta(hours=18),
        choice_closes_at=now - timedelta(hours=2),
        starts_at=now + 5 * DAY,
        ends_at=now + 6 * DAY,
    )
    # An offer expired; the next person in line should get it.
    due["offer"] = event()
    due["over"] = person(due["offer"], state=SignUpState.OFFERED, offered_until=now - timedelta(hours=12))
    due["next"] = person(due["offer"], state=SignUpState.WAITLISTED)
    # Its reminder was due fourteen hours ago and is still useful.
    due["soon"] = event()
    due["soon_people"] = [person(due["soon"]) for _number in range(TEXTS)]
    put_event(due["soon"], starts_at=now + timedelta(hours=10), ends_at=now + DAY)
    # This event began while no reminders ran: nothing to send any more.
    due["begun"] = event()
    due["begun_people"] = [person(due["begun"]) for _number in range(3)]
    put_event(due["begun"], starts_at=now - timedelta(hours=5), ends_at=now + DAY)
    due["notice"] = make_notice(city, state=NoticeState.APPROVED)
    Notice.objects.filter(pk=due["notice"].pk).update(publish_from=now - timedelta(hours=9))
    due["texts"] = [
        Message.objects.create(
            recipient=make_member(city, phone=phone_number(next(serial))),
            kind="matchmaking.offered",
            channel=Channel.SMS,
            context={"title": "示例", "until": now.isoformat()},
            due_at=now - timedelta(hours=20),
        )
        for _number in range(TEXTS)
    ]
    due["run"] = export_request(actor=chair, address="/members/", here=None, file_format="csv", reason="给上级的年报")
    Job.objects.update(created_at=now - timedelta(hours=20))
    Heartbeat.objects.update(at=F("at") - DAY)
    return due


def caught_up(due):
    """Return the names of what is still to be done."""
    left = {
        "round": MatchEvent.objects.get(pk=due["round"].pk).state != EventState.REVEALED,
        "offer": not due["offer"].signups.filter(pk=due["next"].pk, state=SignUpState.OFFERED).exists(),
        "reminders": Reminder.objects.filter(rule="matchmaking.event_tomorrow").count() < 2 * (TEXTS + 3),
        "notice": Notice.objects.get(pk=due["notice"].pk).state != NoticeState.PUBLISHED,
        "texts": Message.objects.filter(state=MessageState.WAITING).exists(),
        "export": ExportRun.objects.get(pk=due["run"].pk).state != ExportState.READY,
        "seals": AuditEntry.objects.filter(sealed=None).exists(),
    }
    return [name for name, missing in left.items() if missing]


def counts(due):
    """Return how often each thing was done, by name."""
    tomorrow = Message.objects.filter(kind="matchmaking.event_tomorrow")
    steps = AuditEntry.objects.about(due["round"]).exclude(to_state="").values_list("to_state", flat=True)
    return {
        "steps": dict(Counter(steps)),
        "pairs": Pair.objects.count(),
        "round_told": sorted(
            Counter(
                Message.objects.filter(about_id=due["round"].pk, about_model="matchmaking.matchevent", channel="in_app")
                .exclude(kind="matchmaking.event_tomorrow")
                .values_list("kind", flat=True)
            ).values()
        ),
        "offer": dict(due["offer"].signups.values_list("pk", "state")),
        "offers_told": Message.objects.filter(kind="matchmaking.offered", channel="in_app").count(),
        "reminders": dict(
            Counter(
                Reminder.objects.filter(rule="matchmaking.event_tomorrow").values_list("state", "channel")
            )
        ),
        "reminded": sorted(set(Counter(tomorrow.values_list("recipient_id", "channel")).values())),
        "reminded_of_the_past": tomorrow.filter(
            recipient__in=[row.member_id for row in due["begun_people"]]
        ).count(),
        "export": list(ExportRun.objects.values_list("state", flat=True)),
        "job_attempts": Job.objects.get(pk=due["run"].job_id).attempts,
        "published": AuditEntry.objects.about(due["notice"]).filter(to_state="published").count(),
    }  # fmt: skip


def wanted(due):
    return {
        "steps": {"signup_closed": 1, "choice_open": 1, "revealed": 1},
        "pairs": 0,
        # The messages that the round opened and that it is over: one each to both people.
        "round_told": [2, 2],
        "offer": {due["over"].pk: "expired", due["next"].pk: "offered"},
        "offers_told": 1,
        "reminders": {
            (ReminderState.SENT, Channel.IN_APP): TEXTS,
            (ReminderState.SENT, Channel.SMS): TEXTS,
            (ReminderState.DROPPED, Channel.IN_APP): 3,
            (ReminderState.DROPPED, Channel.SMS): 3,
        },
        "reminded": [1],
        "reminded_of_the_past": 0,
        "export": ["ready"],
        "job_attempts": 1,
        "published": 1,
    }


def test_what_a_day_left_undone_is_done_once(stopped, measured):
    stack = stopped
    with stack.orm():
        due = prepare()
        all_left = caught_up(due)
        assert not ready(stack), "a day without beat and worker is red"
        time.sleep(5)
        # The planted failure: with worker and beat stopped nothing is done, and the experiment notices it.
        assert caught_up(due) == all_left == ["round", "offer", "reminders", "notice", "texts", "export", "seals"]

        begun = time.monotonic()
        stack.start_beat()
        stack.start_worker()
        while (left := caught_up(due)) and time.monotonic() - begun < DEADLINE:
            time.sleep(0.5)
        took = time.monotonic() - begun
        assert left == [], "all is caught up"
        # Two more rounds of every timed task add nothing.
        time.sleep(15)

        sent = deliveries(stack.sms_dir)
        measured(
            caught_up_after=f"{took:.0f} s",
            reminders=dict(counts(due)["reminders"]),
            texts=len(sent),
            twice=sum(count > 1 for count in sent.values()),
        )
        assert counts(due) == wanted(due)
        assert set(sent.values()) == {1}
        assert {str(message.key) for message in due["texts"]} <= set(sent)
        assert ready(stack)
