"""Property 11, for the ledger: a thousand reminders through three kills of the worker.

None is lost, and none appears twice in the portal; outside, a repeat carries the key of the first delivery, and there
is at most one for each kill. The planted failures are in ``test_planted_faults.py``.
"""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from matchmaking.models import Participation
from portal.core.choices import Sex
from portal.members.models import Member
from portal.members.services.people import members_build
from portal.messaging.choices import Channel, MessageState, ReminderState
from portal.messaging.models import Message, Reminder
from portal.signups.choices import SignUpState
from tests.drills.sinks import deliveries
from tests.factories.matchmaking import LINE, make_event, put_event
from tests.factories.members import phone_number
from tests.stack import Stack

PEOPLE, KILLS, DEADLINE, PATIENCE = 500, 3, 60, 120
REMINDERS = 2 * PEOPLE  # portal and text message
KIND = "matchmaking.event_tomorrow"


@pytest.fixture(scope="module")
def counting(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """A stack whose text messages are counted one by one."""
    stack = Stack(servers_env, tmp_path_factory.mktemp("stack"), blocker=django_db_blocker)
    stack.env["DJANGO_SETTINGS_MODULE"] = "tests.drills.counting_settings"
    with stack:
        yield stack


def make_participants(event, number, first=6_000_000):
    """Create ``number`` confirmed participants with phones, without the engine.

    Returns the participants.
    """
    rows = [
        {
            "organization": event.organization,
            "name": f"示例{count}",
            "sex": Sex.FEMALE,
            "phone": phone_number(first + count),
        }
        for count in range(number)
    ]
    people = Member.objects.bulk_create(members_build(rows=rows))
    return Participation.objects.bulk_create(
        Participation(
            offering=event,
            member=member,
            pool="women",
            place=place,
            state=SignUpState.CONFIRMED,
            age=30,
            line=LINE,
        )
        for place, member in enumerate(people, start=1)
    )


def wait_for(reached, seconds, what):
    """Wait until ``reached()`` and return the seconds it took."""
    begun = time.monotonic()
    while not reached():
        if time.monotonic() - begun > seconds:
            pytest.fail(f"{what}: not within {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - begun


def test_a_thousand_reminders_through_three_kills(counting, measured):
    stack = counting
    with stack.orm():
        event = make_event(women_quota=PEOPLE)
        people = {row.member_id for row in make_participants(event, PEOPLE)}
        put_event(event, starts_at=timezone.now() + timedelta(hours=20))

        killed_at = []
        for kill in range(KILLS):
            target = (kill + 1) * REMINDERS // (KILLS + 2)
            wait_for(lambda target=target: Reminder.objects.count() >= target, PATIENCE, "the planner goes on")
            # Into the middle of the next chunk, at a different point each time.
            time.sleep(0.07 * (kill + 1))
            stack.kill_worker()
            killed_at.append(Reminder.objects.count())
            if kill == KILLS - 1:
                time.sleep(3)
                assert Reminder.objects.count() == killed_at[-1] < REMINDERS, "with the worker dead nothing is planned"
            stack.start_worker()
        texts = Message.objects.filter(kind=KIND, channel=Channel.SMS, state=MessageState.DELIVERED)
        took = wait_for(
            lambda: Reminder.objects.count() >= REMINDERS and texts.count() >= PEOPLE,
            PATIENCE,
            "all is planned and sent",
        )
        # Two more rounds of the planner find nothing new to send.
        time.sleep(13)

        sent = deliveries(stack.sms_dir)
        in_portal = Counter(
            Message.objects.filter(kind=KIND, channel=Channel.IN_APP).values_list("recipient_id", flat=True)
        )
        keys = {str(key) for key in texts.values_list("key", flat=True)}
        repeats = sum(sent.values()) - len(sent)
        measured(
            killed_at=killed_at,
            ledger=Reminder.objects.filter(state=ReminderState.SENT).count(),
            in_portal=sum(in_portal.values()),
            in_portal_twice=sum(count > 1 for count in in_portal.values()),
            texts=len(sent),
            texts_repeated=repeats,
            after_the_last_start=f"{took:.1f} s",
        )
        assert in_portal == dict.fromkeys(people, 1), "each once in the portal"
        assert set(sent) == keys, "each text message under its own key"
        assert len(keys) == PEOPLE, "one text message a person"
        assert repeats <= KILLS
        assert max(sent.values()) <= 2
        assert Reminder.objects.filter(state=ReminderState.SENT).count() == REMINDERS
        assert took <= DEADLINE
