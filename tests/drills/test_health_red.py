"""Property 22: what turns ``/readyz`` red in a running portal; it turns green again by itself.

To simulate six minutes the heartbeats are moved back: with everything alive they are renewed within seconds, which is
the control; with a part dead they stay old, and the answer is red.
"""

import contextlib
import json
import time
import urllib.error
import urllib.request
from datetime import timedelta

import psycopg2
import pytest
from django.db import connections
from django.utils import timezone
from psycopg2 import sql

from deploy.servers import cluster
from portal.core import health
from portal.core.models import Heartbeat
from portal.messaging.choices import Channel, MessageState
from portal.messaging.models import Message
from tests.drills.test_broker import Broker
from tests.factories.members import make_member
from tests.stack import Stack

BACK, DEADLINE = timedelta(minutes=6), 60


@pytest.fixture(scope="module")
def own(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """A stack with a broker of its own, as (stack, broker)."""
    folder = tmp_path_factory.mktemp("own") / "servers"
    running = cluster.start(folder, test=True)
    try:
        env = {**servers_env, "REDIS_URL": running.env["REDIS_URL"]}
        with Stack(env, tmp_path_factory.mktemp("stack"), blocker=django_db_blocker) as stack:
            yield stack, Broker(folder)
    finally:
        cluster.wipe(folder)


def answer(stack, path="/readyz"):
    """Return status and body of an answer."""
    try:
        with urllib.request.urlopen(f"{stack.url}{path}", timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with contextlib.closing(error):
            return error.code, error.read()


def wait_for(stack, status):
    """Wait until ``/readyz`` answers ``status`` and return the seconds."""
    begun = time.monotonic()
    while answer(stack)[0] != status:
        if time.monotonic() - begun > DEADLINE:
            with stack.orm():
                ill = [check.name for check in health.all_checks() if not check.well]
            pytest.fail(f"/readyz does not answer {status} within {DEADLINE} s; ill: {ill}")
        time.sleep(0.2)
    return time.monotonic() - begun


def pass_six_minutes():
    for row in Heartbeat.objects.all():
        Heartbeat.objects.filter(pk=row.pk).update(at=row.at - BACK)


@contextlib.contextmanager
def dead_worker(stack, broker):
    stack.kill_worker()
    yield
    stack.start_worker()


@contextlib.contextmanager
def dead_beat(stack, broker):
    stack.stop_beat()
    yield
    stack.start_beat()


@contextlib.contextmanager
def dead_broker(stack, broker):
    broker.kill()
    yield
    broker.start()


@contextlib.contextmanager
def hung_broker(stack, broker):
    broker.stop()
    yield
    broker.go_on()


@pytest.mark.parametrize(
    ("part", "ill"),
    [
        (dead_worker, {"worker"}),
        (dead_beat, {"beat", "worker"}),
        (dead_broker, {"worker"}),
        (hung_broker, {"worker"}),
    ],
)
def test_a_part_that_died_is_red_after_five_minutes_and_green_again(own, measured, part, ill):
    stack, broker = own
    wait_for(stack, 200)
    with stack.orm():
        # The control: with everything alive, heartbeats six minutes old are renewed at once.
        pass_six_minutes()
        wait_for(stack, 200)
        with part(stack, broker):
            time.sleep(1)
            pass_six_minutes()
            time.sleep(4)
            red, body = answer(stack)
            found = {check.name for check in health.all_checks() if check.grave and not check.well}
        green_after = wait_for(stack, 200)
    measured(dead=part.__name__, answered=red, ill=sorted(found), green_again=f"{green_after:.1f} s")
    assert red == 503
    assert json.loads(body) == {"ready": False}
    # Beat may also fall silent when it cannot reach the broker; nothing else may be ill.
    assert ill <= found <= {"worker", "beat"}
    assert answer(stack, "/healthz")[0] == 200


def test_a_message_that_does_not_leave_is_red(own, measured):
    stack, _broker = own
    with stack.orm():
        stack.kill_worker()
        try:
            message = Message.objects.create(
                recipient=make_member(), kind="a.b", channel=Channel.SMS, due_at=timezone.now() - BACK
            )
            red = answer(stack)[0]
            Message.objects.filter(pk=message.pk).update(state=MessageState.DEAD)
            # An undeliverable letter is reported to administrators and does not turn the answer red.
            green = answer(stack)[0]
        finally:
            stack.start_worker()
    measured(waiting_six_minutes=red, given_up=green)
    assert (red, green) == (503, 200)


def test_a_database_that_is_gone_is_red_and_comes_back(own, measured, servers_env):
    stack, _broker = own
    wait_for(stack, 200)
    name = sql.Identifier(stack.database)
    owner = psycopg2.connect(servers_env["DATABASE_OWNER_URL"])
    owner.autocommit = True
    try:
        with owner.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [stack.database]
            )
            red, body = answer(stack)
            probe = answer(stack, "/healthz")[0]
            cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
    finally:
        owner.close()
        connections.close_all()
    green_after = wait_for(stack, 200)
    measured(answered=red, probe=probe, green_again=f"{green_after:.1f} s")
    assert (red, json.loads(body), probe) == (503, {"ready": False}, 503)
