"""The demo of the previous release: dumped, migrated while the old code serves it, crawled, and restored.

Old and new code serve the migrated database side by side: one session works with both, and each reads what the other
wrote. Then the dump from before the upgrade goes into an empty database, where the old code serves it again.
"""

import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from urllib.parse import urlencode, urlsplit

import psycopg2
import pytest
from psycopg2 import sql

from deploy.processes import Process, wait_until
from deploy.servers import cluster
from deploy.servers.processes import free_port
from tests.databases import ROOT, url_for
from tests.drills.releases import previous, tree_of_previous
from tests.drills.rush import CSRF

PAGES = 120
READERS = ("shi-ganbu", "sheng-zhuxi", "xian-ganbu")
# Writes a session for each name as a sign-in with both steps does, and prints the keys.
SESSIONS = """
import json, sys, time
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from portal.core.sessions import SessionStore
from portal.members.backends import login_key_of_name
from portal.members.models import Member
keys = []
for name in sys.argv[1:]:
    member = Member.objects.get(login_key=login_key_of_name(name))
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session["signed_in_at"] = session["seen_at"] = int(time.time())
    session["staff"] = True
    session.create()
    Member.objects.filter(pk=member.pk).update(session_key=session.session_key)
    keys.append(session.session_key)
print(json.dumps([settings.SESSION_COOKIE_NAME, *keys]))
"""
# Counts the open rows of each clock, and those whose deadline stands on another day or is missing.
DEADLINES = """
import django, json
django.setup()
from portal.deadlines.clock import clocks
from portal.deadlines.models import Deadline
found = {}
for code, clock in clocks().items():
    rows = dict(clock.open().values_list("pk", clock.field))
    own = dict(Deadline.objects.open().filter(code=code).values_list("about_id", "due_on"))
    found[code] = [len(rows), len([pk for pk in {*rows, *own} if rows.get(pk) != own.get(pk)])]
print(json.dumps(found))
"""
LINK = re.compile(r'href="(/[^"#]*)')
# Signing out ends the session the crawl needs; downloads are no pages.
NOT_FOLLOWED = re.compile(r"/sign-out/|/static/|/files/|\.(?:ics|docx|xlsx|png|svg)|/language/|/export|/download/")


def run(tree, env, *command):
    """Run a command of Python in a tree and return what it printed; the drill fails when the command does."""
    done = subprocess.run([sys.executable, *command], cwd=tree, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout[-1500:]} {done.stderr[-3000:]}"
    return done.stdout


def manage(tree, env, *arguments):
    return run(tree, env, "manage.py", *arguments)


@contextlib.contextmanager
def served(tree, env, folder, name):
    """Serve a tree with gunicorn; yields host and port."""
    at = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", at, "--workers", "2", "--threads", "4"]
    command += ["--worker-class", "gthread", "--no-control-socket", "--graceful-timeout", "5"]
    process = Process(name, command, env=env, cwd=tree, log=folder / f"{name}.log").start()
    try:
        wait_until(lambda: ask(at, "/healthz", "")[0] == 200, [process], 90)
        yield at
    finally:
        process.stop(10)


def ask(at, path, cookie, fields=None):
    """Send a request and return (status, text, where a redirect leads)."""
    link = http.client.HTTPConnection(at, timeout=60)
    try:
        headers = {"Cookie": cookie, "Accept-Language": "zh-CN"}
        body = None
        if fields is not None:
            body = urlencode({"csrfmiddlewaretoken": CSRF, **fields})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link.request("POST" if body else "GET", path, body, headers)
        answer = link.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace"), answer.headers.get("Location", "")
    except OSError:
        return 0, "", ""
    finally:
        link.close()


def crawl(at, cookie):
    """Follow links from the first page; return the statuses by count and the pages that failed."""
    statuses, failed, seen, waiting = Counter(), [], {"/"}, deque(["/"])
    while waiting and sum(statuses.values()) < PAGES:
        path = waiting.popleft()
        status, text, leads_to = ask(at, path, cookie)
        statuses[status] += 1
        if status not in (200, 302):
            failed.append((path, status))
        found = [*LINK.findall(text), urlsplit(leads_to).path]
        for link in found:
            link = link.replace("&amp;", "&")
            # One page of a list, one row of a kind: of a thousand rows the crawl opens some.
            if link and link not in seen and not NOT_FOLLOWED.search(link):
                seen.add(link)
                waiting.append(link)
    return statuses, failed


class Asking:
    """Asks the old server for pages all the time; counts the statuses."""

    def __init__(self, at, cookie):
        self.at, self.cookie, self.statuses = at, cookie, Counter()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def _ask(self):
        paths = ("/", "/matchmaking/events/", "/matchmaking/tickets/", "/notices/", "/healthz")
        while not self._end.is_set():
            for path in paths:
                self.statuses[ask(self.at, path, self.cookie)[0]] += 1


@pytest.fixture
def old(tmp_path):
    return tree_of_previous(tmp_path / "old")


@pytest.fixture
def env(tmp_path):
    """The environment of both releases on a cluster of their own."""
    running = cluster.start(tmp_path / "servers", test=True)
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "DATABASE_", "PYTEST_"))
    }
    env |= {**running.env, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    env.pop("PORTAL_DATABASE_ROLE", None)
    for name in ("KEY", "STORAGE", "STATIC", "SMS"):
        path = tmp_path / name.lower()
        path.mkdir(mode=0o700)
        env[f"PORTAL_{name}_DIR"] = str(path)
    yield env
    cluster.wipe(tmp_path / "servers")


def empty_database(env, name):
    """Make a database beside the first one and return the environment that points to it."""
    link = psycopg2.connect(url_for(env["DATABASE_OWNER_URL"], "postgres"))
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    link.close()
    urls = {key: url_for(env[key], name) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    return {**env, **urls}


def log_ticket(at, cookie, words):
    """Log a hotline ticket through the page and return its address."""
    path = "/matchmaking/tickets/new/"
    _status, form, _ = ask(at, path, cookie)
    (place,) = (
        re.findall(r'<option value="(\d+)" selected>', form)[-1:] or re.findall(r'<option value="(\d+)"', form)[:1]
    )
    fields = {"kind": "other", "subject": words, "words": words, "organization": place}
    status, text, leads_to = ask(at, path, cookie, fields)
    assert status == 302, text[-3000:]
    return urlsplit(leads_to).path


def test_the_demo_of_the_previous_release_is_upgraded_and_restored(old, env, tmp_path, measured):
    for command in ("migrate", "load_regions", "load_legal_parameters", "load_calendar"):
        manage(old, env, command)
    manage(old, env, "catalogs", "compile")
    manage(old, env, "load_demo", "--cities", "2")
    key = tmp_path / "private.key"
    env["PORTAL_BACKUP_PUBLIC_KEY"] = manage(old, env, "backup_key", str(key)).strip()
    manage(old, env, "backup", str(tmp_path / "dump"))
    cookie_name, *keys = json.loads(run(old, env, "-c", SESSIONS, *READERS))
    cookies = [f"{cookie_name}={session}; csrftoken={CSRF}" for session in keys]

    with served(old, env, tmp_path, "old") as before:
        with Asking(before, cookies[0]) as visitors:
            time.sleep(2)
            manage(ROOT, env, "upgrade_check")
            manage(ROOT, env, "migrate")
            time.sleep(2)
        assert set(visitors.statuses) <= {200, 302}, visitors.statuses
        # Rows of the old release have the deadlines of the new one.
        deadlines = json.loads(run(ROOT, env, "-c", DEADLINES))
        assert all(rows and not wrong for rows, wrong in deadlines.values()), deadlines
        with served(ROOT, env, tmp_path, "new") as after:
            # Each reads what the other wrote, in the same session.
            for writer, reader, words in ((before, after, "旧版本记录的来电"), (after, before, "新版本记录的来电")):
                page = log_ticket(writer, cookies[0], words)
                status, text, _ = ask(reader, page, cookies[0])
                assert (status, words in text) == (200, True)
            crawled = [crawl(after, cookie) for cookie in cookies]
            crawled_before = crawl(before, cookies[0])
    failed = [pages for _statuses, pages in (*crawled, crawled_before)]
    measured(
        previous=previous(),
        asked_during_migrate=dict(visitors.statuses),
        open_deadlines={code: rows for code, (rows, _wrong) in deadlines.items()},
        pages=[dict(statuses) for statuses, _failed in crawled],
        pages_of_the_old=dict(crawled_before[0]),
    )
    assert failed == [[], [], [], []]
    assert all(statuses[200] > PAGES // 2 for statuses, _failed in crawled)

    # Back: the dump of the old release in an empty database, served by the old code.
    back = {**empty_database(env, "back"), "PORTAL_STORAGE_DIR": str(tmp_path / "back")}
    manage(old, back, "restore", str(tmp_path / "dump"), "--key", str(key))
    with served(old, back, tmp_path, "back") as at:
        cookie_name, session = json.loads(run(old, back, "-c", SESSIONS, READERS[0]))
        statuses, failed = crawl(at, f"{cookie_name}={session}; csrftoken={CSRF}")
    assert (failed, statuses[200] > PAGES // 2) == ([], True)
