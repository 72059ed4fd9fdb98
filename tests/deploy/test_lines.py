"""Every line of every process is one JSON object, from start to end, without personal values."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from deploy.servers.processes import free_port
from portal.core.requests import numbered
from portal.messaging.models import Job
from tests.databases import ROOT
from tests.factories.members import make_member

PHONE, NUMBER = "13812345678", "23010219900307123X"
LOGROTATE = ("nginx", "postgresql-common")


def entries(text):
    """Return the lines as dicts; fail on a line that is not JSON."""
    strange, found = [], []
    for line in text.split("\n"):
        if line:
            try:
                found.append(json.loads(line))
            except ValueError:
                strange.append(line)
    assert strange == []
    assert all({"at", "level", "logger", "message"} <= entry.keys() for entry in found)
    return found


def wait_for(found, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(0.2)
    pytest.fail("nothing came")
    return None


def send(stack, name, *arguments):
    """Make the worker run a task with these arguments."""
    stack.python(f"from portal.celery import app; app.send_task({name!r}, args={list(arguments)!r})")


def test_worker_and_beat_write_json_alone_and_nothing_personal(stack):
    # The error of this task repeats its argument.
    send(stack, "exchange.import_check", f"{PHONE} and {NUMBER}")
    failed = wait_for(
        lambda: [entry for entry in entries(stack.log("worker")) if "expected a number" in entry.get("exception", "")]
    )
    assert failed[0]["level"] == "ERROR"
    assert "Traceback" in failed[0]["exception"]
    assert "(number) and (number)" in failed[0]["exception"]
    assert PHONE not in stack.log("worker")
    assert NUMBER not in stack.log("worker")
    begun = entries(stack.log("worker", whole=True))
    started = [entry["message"] for entry in begun if entry["logger"] == "portal.process"]
    assert any("worker of the portal" in message for message in started)
    assert any("beat of the portal" in entry["message"] for entry in entries(stack.log("beat", whole=True)))
    stack.stop_worker()
    stack.stop_beat()
    try:
        assert "worker: Warm shutdown (MainProcess)" in [entry["message"] for entry in entries(stack.log("worker"))]
        entries(stack.log("beat"))
    finally:
        stack.start_beat()
        stack.start_worker()


def test_of_tasks_only_those_somebody_asked_for_write_lines(stack):
    with stack.orm(), numbered("fedcba9876543210"):
        job = Job.objects.create(
            kind="exchange.import_check", actor=make_member(), about_id=10**9, request_id="fedcba9876543210"
        )
    found = wait_for(
        lambda: [
            entry
            for entry in entries(stack.log("worker"))
            if entry["logger"] == "portal.task" and entry["message"].startswith("ended") and entry["request"]
        ]
    )
    assert (found[0]["task"], found[0]["request"]) == (job.kind, "fedcba9876543210")
    assert found[0]["message"] == "ended: FAILURE"
    assert found[0]["ms"] >= 0
    told = {entry.get("task") for entry in entries(stack.log("worker")) if entry["logger"] == "portal.task"}
    assert told == {job.kind}


def test_an_error_nobody_caught_is_a_line_too(stack):
    code = f"import portal.celery as p; p.use_the_lines_of_the_house(); raise ValueError('{PHONE}')"
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        cwd=ROOT,
        env=stack.env,
        capture_output=True,
        text=True,
        check=False,
    )
    (entry,) = entries(done.stderr)
    assert (done.returncode, entry["level"], entry["message"]) == (1, "CRITICAL", "ended by an error")
    assert "ValueError: (number)" in entry["exception"]


def test_the_web_server_writes_json_alone(stack, tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_config.py", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "portal.wsgi"]
    log = tmp_path / "web.log"
    with log.open("wb") as stream:
        env = {**stack.env, "PORTAL_WEB_WORKERS": "2"}
        web = subprocess.Popen(command, cwd=ROOT, env=env, stdout=stream, stderr=stream, start_new_session=True)
        try:

            def answers():
                with contextlib.suppress(OSError):
                    return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).status == 200

            wait_for(answers, 60)
            web.send_signal(signal.SIGHUP)
            time.sleep(2)
            wait_for(answers, 60)
            web.send_signal(signal.SIGTERM)
            assert web.wait(30) == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(web.pid, signal.SIGKILL)
            web.wait()
    messages = [entry["message"] for entry in entries(log.read_text(encoding="utf-8"))]
    assert any(message.startswith("Starting gunicorn") for message in messages)
    assert any(message.startswith("Shutting down") for message in messages)


@pytest.mark.parametrize("name", LOGROTATE)
def test_logs_are_kept_for_190_days(name):
    text = (ROOT / "deploy/logrotate" / name).read_text(encoding="utf-8")
    assert "\n    daily\n" in text
    assert int(re.search(r"\n    rotate (\d+)\n", text)[1]) >= 190
    assert "size" not in text
    assert "maxage" not in text


def test_the_journal_keeps_190_days():
    text = (ROOT / "deploy/journald/portal.conf").read_text(encoding="utf-8")
    values = dict(re.findall(r"^(\w+)=(\w+)$", text, re.MULTILINE))
    assert values["Storage"] == "persistent"
    # A journal file is removed as a whole: its newest line is a week younger than its oldest.
    assert (values["MaxFileSec"], int(values["MaxRetentionSec"].removesuffix("day")) - 7) == ("1week", 200)
