"""Property 12: the broker dead, hung, flushed and slow.

People can go on working; what leaves the portal is sent once the broker is back. The planted failure: code that
contacts the broker within the request, as the design forbids, hangs with it or waits for it.
"""

import os
import signal
import time
import urllib.error
import urllib.request
from collections import Counter
from urllib.parse import urlsplit

import pytest
import redis
from django.urls import reverse

from deploy.servers import cluster
from deploy.servers.binaries import valkey_binary
from deploy.servers.files import read_env, read_state, write_state
from deploy.servers.users import data_home, server_user
from deploy.servers.valkey import start_valkey
from portal.messaging.channels import FileSms
from portal.messaging.choices import Channel, MessageState
from portal.messaging.models import Message
from tests.drills.rush import join_all, make_people, sign_in_all
from tests.drills.slow import SlowLink
from tests.factories.matchmaking import make_event
from tests.factories.members import make_member, phone_number
from tests.stack import Stack

PEOPLE = 6
MESSAGES = 10
DEADLINE = 60
KIND = "matchmaking.offered"
# Delay of each byte in seconds, each way.
LATE = 0.5


class Broker:
    """The Valkey of a separate cluster.

    It is killed, stopped, flushed and restarted without touching PostgreSQL.
    """

    def __init__(self, folder):
        self.folder = folder

    @property
    def pid(self):
        return read_state(self.folder)["valkey"]["pid"]

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)

    def start(self):
        user, state = server_user(), read_state(self.folder)
        home = data_home(self.folder, user)
        values, log = read_env(self.folder / "secrets.env"), self.folder / "log"
        state["valkey"] = start_valkey(valkey_binary(home, user), home, user, values, state, log, test=True)
        write_state(self.folder, state)

    def stop(self):
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def own(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """A stack with a broker of its own, as (stack, broker)."""
    folder = tmp_path_factory.mktemp("own") / "servers"
    running = cluster.start(folder, test=True)
    try:
        env = {**servers_env, "REDIS_URL": running.env["REDIS_URL"]}
        with Stack(env, tmp_path_factory.mktemp("stack"), blocker=django_db_blocker) as stack:
            with stack.orm():
                # The first request to a server compiles templates; the measurements come after it.
                work(stack, 9)
            yield stack, Broker(folder)
    finally:
        cluster.wipe(folder)


@pytest.fixture(autouse=True)
def sms_folder(own, settings):
    settings.SMS_DIR = own[0].sms_dir


def flush(stack):
    link = redis.Redis.from_url(stack.env["REDIS_URL"])
    link.flushall()
    link.close()


def work(stack, number):
    """Sign up, request sign-in codes and post messages.

    Returns the answers, the messages and the event.
    """
    event = make_event(men_quota=50, women_quota=50)
    people = make_people(event.organization, PEOPLE)
    path = reverse("matchmaking:meet-join", args=[event.slug])
    answers = [join_all(stack.url, path, [cookie])[0] for cookie in sign_in_all(people)]
    recipients = [make_member(phone=phone_number(number * 1000 + count)) for count in range(MESSAGES)]
    posted = [
        Message.objects.create(
            recipient=member,
            kind=KIND,
            channel=Channel.SMS,
            context={"title": "示例", "until": "2026-12-01T10:00:00+08:00"},
        )
        for member in recipients
    ]
    return answers, posted, event


def sign_in_seconds(stack):
    """Request the sign-in page and return the seconds it took."""
    begun = time.monotonic()
    with urllib.request.urlopen(f"{stack.url}/sign-in/", timeout=30) as answer:
        assert answer.status == 200
    return time.monotonic() - begun


def wait_until_sent(messages):
    begun = time.monotonic()
    numbers = [message.pk for message in messages]
    while time.monotonic() - begun < DEADLINE:
        if Message.objects.filter(pk__in=numbers, state=MessageState.DELIVERED).count() == len(numbers):
            return time.monotonic() - begun
        time.sleep(0.5)
    states = Counter(Message.objects.filter(pk__in=numbers).values_list("state", flat=True))
    pytest.fail(f"not all was sent within {DEADLINE} s: {dict(states)}")
    return None


@pytest.mark.parametrize(("number", "fault"), [(1, "dead"), (2, "hung"), (3, "flushed")])
def test_people_go_on_and_nothing_is_lost(own, measured, number, fault):
    stack, broker = own
    with stack.orm():
        {"dead": broker.kill, "hung": broker.stop, "flushed": lambda: flush(stack)}[fault]()
        try:
            answers, posted, event = work(stack, number)
            door = sign_in_seconds(stack)
            waiting = Message.objects.filter(state=MessageState.WAITING).count()
        finally:
            {"dead": broker.start, "hung": broker.go_on, "flushed": lambda: None}[fault]()
        sent_after = wait_until_sent(posted)

        assert Counter(answer.status for answer in answers) == {302: PEOPLE}
        slowest = max(answer.seconds for answer in answers)
        measured(
            fault=fault,
            slowest_post=f"{slowest:.2f} s",
            door=f"{door:.2f} s",
            waiting=waiting,
            all_sent_after=f"{sent_after:.1f} s",
        )
        assert max(slowest, door) <= 1
        assert event.signups.count() == PEOPLE
        keys = Counter(entry["key"] for entry in FileSms.sent(limit=1000))
        assert [keys[str(message.key)] for message in posted] == [1] * MESSAGES
        assert set(Message.objects.filter(pk__in=[m.pk for m in posted]).values_list("attempts", flat=True)) == {1}


def test_control_who_opens_the_broker_hangs_with_it(own, measured):
    stack, broker = own
    broker.stop()
    try:
        parts = urlsplit(stack.env["REDIS_URL"])
        begun = time.monotonic()
        with pytest.raises(redis.TimeoutError):
            redis.Redis.from_url(parts.geturl(), socket_timeout=2, retry=None).ping()
        took = time.monotonic() - begun
    finally:
        broker.go_on()
    measured(control=f"{took:.1f} s")
    assert took > 1


@pytest.fixture(scope="module")
def slow(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """A stack that reaches its broker by a link that can be slow, as (stack, link)."""
    parts = urlsplit(servers_env["REDIS_URL"])
    with SlowLink(parts.port) as link:
        address = f"{parts.netloc.rpartition(':')[0]}:{link.port}"
        env = {**servers_env, "REDIS_URL": parts._replace(netloc=address).geturl()}
        with Stack(env, tmp_path_factory.mktemp("slow"), blocker=django_db_blocker) as stack:
            with stack.orm():
                work(stack, 8)
            yield stack, link


def test_with_a_slow_broker_people_feel_nothing(slow, measured, settings):
    stack, link = slow
    settings.SMS_DIR = stack.sms_dir
    with stack.orm():
        link.delay = LATE
        carried = link.carried
        try:
            answers, posted, event = work(stack, 4)
            door = sign_in_seconds(stack)
            # The planted failure: code that contacts the broker within the request waits for it.
            begun = time.monotonic()
            with stack.valkey() as broker:
                broker.ping()
            control = time.monotonic() - begun
        finally:
            link.delay = 0.0
        sent_after = wait_until_sent(posted)

        slowest = max(answer.seconds for answer in answers)
        measured(
            fault=f"{LATE} s each way",
            slowest_post=f"{slowest:.2f} s",
            door=f"{door:.2f} s",
            all_sent_after=f"{sent_after:.1f} s",
            control=f"who asks the broker waits {control:.1f} s",
            bytes_carried=link.carried - carried,
        )
        assert Counter(answer.status for answer in answers) == {302: PEOPLE}
        assert max(slowest, door) <= 1 < control
        assert event.signups.count() == PEOPLE
        assert link.carried > carried
        keys = Counter(entry["key"] for entry in FileSms.sent(limit=1000))
        assert [keys[str(message.key)] for message in posted] == [1] * MESSAGES
