"""Properties 11 and 12: people go on without the broker, and what waits is delivered when it is back."""

import http.client
import json
import time
from urllib.parse import urlencode, urlsplit

import pytest
from django.urls import reverse

from portal.messaging.choices import MessageState
from portal.messaging.models import Message
from portal.messaging.services import message_post
from portal.signups.choices import SignUpState
from tests.drills.broker import Broker
from tests.drills.rush import CSRF, make_people, sign_in_all
from tests.factories.matchmaking import LINE, make_event
from tests.stack import Stack

FAULTS = {
    "dead": (Broker.kill, Broker.start),
    "hung": (Broker.hang, Broker.go_on),
    "emptied": (Broker.empty, lambda broker: None),
}
POSTS = 6


@pytest.fixture
def broken(tmp_path, servers_env, django_test_environment, django_db_blocker):
    """A stack whose broker is the drill's own."""
    broker = Broker(tmp_path)
    try:
        stack = Stack(servers_env, tmp_path / "stack", blocker=django_db_blocker)
        stack.env["REDIS_URL"] = f"{broker.url.rsplit('/', 1)[0]}/{stack.number}"
        with stack:
            yield stack, broker
    finally:
        broker.end()


def post(url, path, cookie, **fields):
    """Send one form and return (status, seconds)."""
    link = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    start = time.monotonic()
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    link.request("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **fields}), headers)
    response = link.getresponse()
    response.read()
    link.close()
    return response.status, time.monotonic() - start


def sent_keys(stack):
    return {json.loads(path.read_text(encoding="utf-8"))["key"] for path in stack.sms_dir.glob("*.json")}


@pytest.mark.parametrize("fault", FAULTS)
def test_people_go_on_without_the_broker(broken, measured, fault):
    stack, broker = broken
    breaks, heals = FAULTS[fault]
    with stack.orm():
        event = make_event(men_quota=POSTS, women_quota=POSTS)
        people = make_people(event.organization, POSTS)
        cookies = sign_in_all(people)
        # The first page of a fresh server compiles its templates; that is not the broker's doing.
        for _again in range(4):
            post(stack.url, reverse("members:sign-in"), f"csrftoken={CSRF}", phone="nothing")
            post(stack.url, reverse("matchmaking:meet-join", args=[event.slug]), cookies[0], line="")
        breaks(broker)
        times = []
        for number, (member, cookie) in enumerate(zip(people, cookies, strict=True)):
            path = reverse("matchmaking:meet-join", args=[event.slug])
            status, seconds = post(stack.url, path, cookie, line=LINE, agree="on")
            times.append(seconds)
            assert status == 302, fault
            status, seconds = post(
                stack.url, reverse("members:sign-in"), f"csrftoken={CSRF}", phone=f"120000999{number:02}"
            )
            times.append(seconds)
            assert status == 302, fault
            member.phone = f"120000888{number:02}"
            member.save(update_fields=["phone"])
            message_post(kind="matchmaking.offer_expired", to=member, context={"title": "示例"}, channels=("sms",))
        assert event.signups.filter(state=SignUpState.CONFIRMED).count() == POSTS
        keys = set(map(str, Message.objects.filter(channel="sms").values_list("key", flat=True)))
        heals(broker)
        back = time.monotonic()
        while not keys <= sent_keys(stack) and time.monotonic() - back < 60:
            time.sleep(0.5)
        delivered = time.monotonic() - back
        assert keys <= sent_keys(stack)
        time.sleep(1)
        assert set(Message.objects.filter(channel="sms").values_list("state", flat=True)) == {MessageState.DELIVERED}
    measured(fault=fault, slowest_post=f"{max(times):.2f} s", delivered_after=f"{delivered:.1f} s")
    assert max(times) < 1


def test_a_thousand_messages_through_three_kills(broken, measured):
    """Property 11: each is sent, a repeat carries the same key, and no more are repeated than workers died."""
    stack, _broker = broken
    with stack.orm():
        event = make_event()
        people = make_people(event.organization, 1000)
        for number, member in enumerate(people):
            member.phone = f"1200{number:07}"
        for member in people:
            member.save(update_fields=["phone"])
            message_post(
                kind="matchmaking.offer_expired", to=member, context={"title": "示例"}, channels=("in_app", "sms")
            )
        start = time.monotonic()
        for _kill in range(3):
            before = len(sent_keys(stack))
            while len(sent_keys(stack)) < min(before + 100, 1000) and time.monotonic() - start < 60:
                time.sleep(0.05)
            stack.kill_worker()
            stack.start_worker()
        outside = Message.objects.filter(channel="sms")
        while outside.filter(state=MessageState.WAITING).exists() and time.monotonic() - start < 120:
            time.sleep(0.5)
        assert outside.filter(state=MessageState.DELIVERED).count() == 1000
        assert len(sent_keys(stack)) == 1000
        assert Message.objects.filter(channel="in_app").count() == 1000
    measured(messages=1000, kills=3, seconds=f"{time.monotonic() - start:.0f}")
