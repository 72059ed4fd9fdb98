"""Property 11, for the outbox: a thousand text messages through three kills of the worker.

Every message is sent, each under one idempotency key, without help from anybody. The planted failure: the worker stays
dead.
"""

import time
from collections import Counter

import pytest

from portal.messaging.channels import FileSms
from portal.messaging.choices import Channel, MessageState
from portal.messaging.models import Message
from tests.factories.members import make_member, phone_number

MESSAGES, KILLS, DEADLINE = 1000, 3, 60


@pytest.fixture(autouse=True)
def sms_folder(stack, settings):
    settings.SMS_DIR = stack.sms_dir


def post(count):
    people = [make_member(phone=phone_number(5_000_000 + number)) for number in range(20)]
    context = {"title": "示例", "until": "2026-12-01T10:00:00+08:00"}
    return Message.objects.bulk_create(
        Message(recipient=people[number % 20], kind="matchmaking.offered", channel=Channel.SMS, context=context)
        for number in range(count)
    )


def sent():
    return Message.objects.filter(state=MessageState.DELIVERED).count()


def test_a_thousand_messages_through_three_kills(stack, measured):
    with stack.orm():
        posted = post(MESSAGES)
        killed_at = []
        for kill in range(KILLS):
            while sent() < (kill + 1) * MESSAGES // (KILLS + 2):
                time.sleep(0.02)
            stack.kill_worker()
            killed_at.append(sent())
            if kill == KILLS - 1:
                # The planted failure: with the worker dead nothing is sent, and the experiment notices it.
                time.sleep(3)
                assert sent() == killed_at[-1] < MESSAGES
            stack.start_worker()
        begun = time.monotonic()
        while sent() < MESSAGES and time.monotonic() - begun < DEADLINE:
            time.sleep(0.2)
        took = time.monotonic() - begun

        keys = Counter(entry["key"] for entry in FileSms.sent(limit=2 * MESSAGES))
        measured(killed_at=killed_at, delivered=sent(), different_keys=len(keys), after_the_last_start=f"{took:.1f} s")
        assert sent() == MESSAGES
        assert keys == Counter(str(message.key) for message in posted)
