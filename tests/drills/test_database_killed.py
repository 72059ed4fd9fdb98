"""Property 6: PostgreSQL is killed in the middle of a rush and started again.

Everything acknowledged is still there. The planted failure: a database that acknowledges before it has written.
"""

import contextlib
import os
import signal
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
from django.db import connection
from django.urls import reverse

from deploy.servers import cluster
from deploy.servers.processes import server_pid
from portal.signups.choices import SignUpState
from tests.databases import FOLDER
from tests.drills.rush import join_all, make_people, sign_in_all
from tests.factories.matchmaking import make_event

PEOPLE, PLACES, WRITTEN = 300, 100, 80
LATER = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


def set_up(values):
    """Set settings of the server to ``values``; a value of None resets the setting."""
    link = psycopg2.connect(cluster.start(FOLDER, test=True, keep=False).superuser_url)
    link.autocommit = True
    with link.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = '{value}'" if value else f"ALTER SYSTEM RESET {name}")
        cursor.execute("SELECT pg_reload_conf()")
    link.close()


@pytest.fixture
def acknowledging_first():
    """Run the database so that it acknowledges a commit before writing it."""
    set_up(LATER)
    yield
    set_up(dict.fromkeys(LATER))


def children_of(pid):
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == pid:
            found.append(int(status.parent.name))
    return found


def kill_database():
    """End all processes of the server at once, as when the machine runs out of memory."""
    pid = server_pid(FOLDER, "postgres")
    for one in (pid, *children_of(pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def wait_until(holds, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.02)
    pytest.fail("it does not come to that")


def rush(stack):
    """Let people sign up, kill the database after some have, and start it again.

    Returns (event, path, answers); ``answers`` are {cookie: (member, answer)}.
    """
    event = make_event(men_quota=PLACES // 2, women_quota=PLACES // 2)
    members = make_people(event.organization, PEOPLE)
    cookies = sign_in_all(members)
    path = reverse("matchmaking:meet-join", args=[event.slug])
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(join_all, stack.url, path, cookies)
        wait_until(lambda: event.signups.count() >= WRITTEN)
        kill_database()
        connection.close()
        answers = sent.result()
    cluster.start(FOLDER, test=True, keep=False)
    wait_until(lambda: healthy(stack))
    return event, path, dict(zip(cookies, zip(members, answers, strict=True), strict=True))


def healthy(stack):
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{stack.url}/healthz", timeout=10) as answer:
        return answer.status == 200
    return False


def lost_of(event, answers):
    """Return the number of people who were told that they are signed up but are not."""
    there = set(event.signups.values_list("member", flat=True))
    return sum(answer.status == 302 and member.pk not in there for member, answer in answers.values())


def statuses(answers):
    return dict(Counter(answer.status for _member, answer in answers.values()))


def test_a_killed_database_loses_nothing_acknowledged(stack, measured):
    with stack.orm():
        event, path, answers = rush(stack)
        first, written, lost = statuses(answers), event.signups.count(), lost_of(event, answers)
        failed = [cookie for cookie, (_member, answer) in answers.items() if answer.status != 302]
        again = Counter(answer.status for answer in join_all(stack.url, path, failed))
        measured(first=first, written=written, lost=lost, again=dict(again))
        assert lost == 0
        assert first[302] >= WRITTEN // 2
        assert again == {302: len(failed)}
        rows = list(event.signups.order_by("place").values_list("place", "member", "state"))
        assert [place for place, _member, _state in rows] == list(range(1, PEOPLE + 1))
        assert len({member for _place, member, _state in rows}) == PEOPLE
        assert sum(state == SignUpState.CONFIRMED for _place, _member, state in rows) == PLACES


def test_control_a_database_that_acknowledges_first_loses_people(stack, acknowledging_first, measured):
    with stack.orm():
        event, _path, answers = rush(stack)
        lost = lost_of(event, answers)
    measured(first=statuses(answers), lost=lost)
    assert lost > 0
