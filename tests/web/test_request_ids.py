"""The number of a request (property 49).

It is in the answer and in the log lines, and goes with the job to the worker and into its lines.
"""

import json
import socket
import time
import urllib.request

import pytest

from portal.core.requests import clean_id, numbered, request_id
from portal.messaging.models import Job
from portal.messaging.services.jobs import job_post
from tests.factories.members import make_member

HOSTILE = ["a\r\nb", "x" * 65, "short", "", "ab cd efgh", '"},{"level":"INFO', "\x1b[31mred-red", "名字名字名字名字"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_number_of_another_shape_is_replaced(text):
    assert clean_id(text) not in ("", text)


def test_the_number_ends_with_its_block():
    with numbered("one-number"):
        assert request_id() == "one-number"
    assert request_id() == ""


@pytest.mark.django_db
def test_the_answer_has_the_number(client):
    given = client.get("/healthz", headers={"X-Request-Id": "0123456789abcdef"})
    made = client.get("/healthz", headers={"X-Request-Id": "not one"})
    assert given.headers["X-Request-Id"] == "0123456789abcdef"
    assert made.headers["X-Request-Id"] not in ("", "not one")
    assert request_id() == ""


@pytest.mark.django_db
def test_a_job_keeps_the_number():
    with numbered("0123456789abcdef"):
        job = job_post(kind="a.b", actor=make_member(), about_id=1)
    assert Job.objects.get(pk=job.pk).request_id == "0123456789abcdef"


def entries(stack, name):
    """Return (lines of a log as dicts, lines that are not JSON).

    gunicorn's own lines, which begin with a bracket, are left out.
    """
    lines = [line for line in stack.log(name).split("\n") if line and not line.startswith("[")]
    return [json.loads(line) for line in lines if line.startswith("{")], [x for x in lines if not x.startswith("{")]


def raw(stack, head):
    with socket.create_connection(("127.0.0.1", stack.port), 10) as link:
        link.sendall(head)
        return link.recv(4096)


def wait_for(found, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.2)
    pytest.fail("nothing came")
    return None


def test_hostile_values_stay_in_one_line(stack):
    paths = [
        "/mark-%0d%0a%7b%22level%22%3a%22INFO%22%7d",
        "/mark-%1b%5b31mred",
        "/mark-%22%7d%5c",
        "/mark-%c2%85%e2%80%a8x",
    ]
    for path in paths:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: {'z' * 70}\r\nConnection: close\r\n"
        assert b" 404 " in raw(stack, head.encode() + b'User-Agent: x"}{"forged": 1}\r\n\r\n')[:20]
    refused = b"GET /mark HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: \x1b[2J\r\n\r\n"
    assert b" 400 " in raw(stack, refused)[:20]
    lines, strange = entries(stack, "web")
    found = [line for line in lines if line.get("path", "").startswith("/mark-")]
    assert len(found) == len(paths)
    assert {line["request"] for line in found}.isdisjoint({"", "z" * 70})
    told = [line["request"] for line in lines if line["message"].startswith("Not Found: /mark-")]
    assert sorted(told) == sorted(line["request"] for line in found)
    assert strange == []
    assert "\x1b" not in stack.log("web")
    assert not any("forged" in line for line in lines)


def test_a_one_time_link_stands_in_no_line(stack):
    token, signed = "0a" * 32, "eyJhIjoxfQ:1tQ5xY:V0pXk0m3bJqXo1cQ9yZ-9f3kq2M"
    for path in (f"/sign-in/invitation/{token}/", f"/files/{signed}/"):
        raw(stack, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    assert {line["path"] for line in entries(stack, "web")[0] if "(long)" in line.get("path", "")} == {
        "/sign-in/invitation/(long)/",
        "/files/(long)/",
    }
    assert token not in stack.log("web")


def test_the_worker_logs_under_the_number_of_the_request(stack):
    with stack.orm(), numbered("fedcba9876543210"):
        job_post(kind="exchange.import_check", actor=make_member(), about_id=10**9)
        kind = Job.objects.get().kind
    found = wait_for(lambda: [line for line in entries(stack, "worker")[0] if line["request"] == "fedcba9876543210"])
    assert found[0]["task"] == kind


def test_the_stack_is_ready(stack):
    def status():
        try:
            return urllib.request.urlopen(f"{stack.url}/readyz", timeout=5).status == 200
        except OSError:
            return False

    wait_for(status)
