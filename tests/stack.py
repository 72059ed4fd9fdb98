"""The portal as in production: web server, worker and beat on a database of their own."""

import contextlib
import itertools
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import redis
from django.test import override_settings

from deploy.processes import Ledger, Process, wait_until
from deploy.servers.processes import free_port
from tests import databases

ROOT = databases.ROOT
LEDGERS = databases.FOLDER / "stacks"
_numbers = itertools.count(1)


class StackError(Exception):
    """A part of the stack did not start or a command in it failed; the text has the last lines of output."""


def end_leftovers():
    """Kill the processes of stacks whose test process was killed."""
    for path in LEDGERS.glob("*.json"):
        ledger = Ledger(path)
        if not ledger.supervisor_runs():
            ledger.end_leftovers()


class Stack:
    """A running portal with ``url``, ``env``, ``database``, ``sms_dir`` and functions to work in it.

    It is a context manager. ``blocker`` is pytest-django's; ``env`` is the environment of its processes, for programs
    that a test starts itself.
    """

    def __init__(self, env, folder, *, blocker, tick_seconds=1):
        self.folder = Path(folder)
        self.database = databases.clone_name()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.number = databases.valkey_number()
        self.sms_dir = self.folder / "sms"
        self._servers_env = env
        self._blocker = blocker
        self._name = f"stack-{os.getpid()}-{next(_numbers)}"
        self._ledger = Ledger(LEDGERS / f"{self._name}.json")
        self.env = {
            **os.environ,
            **env,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "DATABASE_URL": databases.url_for(env["DATABASE_URL"], self.database),
            "DATABASE_OWNER_URL": databases.url_for(env["DATABASE_OWNER_URL"], self.database),
            "REDIS_URL": databases.url_for(env["REDIS_URL"], str(self.number)),
            "PORTAL_SITE_URL": self.url,
            "PORTAL_TICK_SECONDS": str(tick_seconds),
        }
        self.env.pop("PORTAL_DATABASE_ROLE", None)
        for name in ("KEY", "STORAGE", "STATIC", "SMS"):
            path = self.folder / name.lower()
            path.mkdir(parents=True, exist_ok=True)
            self.env[f"PORTAL_{name}_DIR"] = str(path)
        python = [sys.executable, "-m"]
        web = ["gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "8"]
        # Loading the code once and forking takes a third of the time of the start.
        web += ["--preload", "--worker-class", "gthread", "--worker-connections", "32"]
        web += ["--no-control-socket", "--graceful-timeout", "5"]
        # A separate name, and no communication with the workers of other stacks.
        worker = ["celery", "-A", "portal", "worker", "-c", "2", "-n", f"{self._name}@localhost", "-l", "INFO"]
        worker += ["--without-gossip", "--without-mingle"]
        beat = ["celery", "-A", "portal", "beat", "-l", "INFO", "--pidfile=", "-s", str(self.folder / "beat-schedule")]
        self._logged = {}  # log -> its length before the current tests
        self._web = self._process("web", python + web)
        self._worker = self._process("worker", python + worker)
        self._beat = self._process("beat", python + beat)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Create the database and start all three processes."""
        LEDGERS.mkdir(exist_ok=True)
        end_leftovers()
        with self.valkey() as link:
            link.flushdb()
        databases.clone(self._servers_env, self.database)
        self._web.start()
        self._worker.start()
        self._beat.start()
        self._note()
        self._wait("web server", self._healthy)
        self._wait("worker", self._worker_listens)
        return self

    def renew(self):
        """Give the running processes a new database as it was for the first tests; the worker is idle then.

        Beat is paused meanwhile, because starting it takes three seconds of a processor.
        """
        self._beat.pause()
        if self._worker.running():
            self._wait("worker", self._idle, [self._worker])
        databases.drop(self._servers_env, self.database)
        databases.clone(self._servers_env, self.database)
        with self.valkey() as link:
            # Keys with these prefixes belong to the queue itself and were made when the worker started.
            if kept := [key for key in link.scan_iter() if not key.startswith((b"_kombu", b"unacked"))]:
                link.delete(*kept)
        for path in self.sms_dir.rglob("*"):
            if path.is_file():
                path.unlink()
        for process in (self._web, self._worker):
            self._logged[process.name] = process.log.stat().st_size if process.log.exists() else 0
            if not process.running():
                process.start()
        self._logged["beat"] = self._beat.log.stat().st_size
        self._beat.resume()
        self._note()
        self._wait("web server", self._healthy)
        self._wait("worker", self._worker_listens)

    def stop(self):
        """Stop all three processes and drop the database."""
        processes = (self._beat, self._worker, self._web)
        for process in processes:
            process.ask_to_end()
        for process in processes:
            process.stop(5)
        self._ledger.remove()
        databases.drop(self._servers_env, self.database)

    def start_worker(self):
        """Start the worker again; return when it waits for work."""
        self._worker.start()
        self._note()
        self._wait("worker", self._worker_listens)

    def stop_worker(self):
        """Stop the worker after it has finished its current work."""
        self._worker.stop(20)

    def start_beat(self):
        """Start beat again; it sends what is due according to its schedule."""
        self._beat.start()
        self._note()

    def stop_beat(self):
        """Stop beat, so that nothing is triggered by time any more."""
        self._beat.stop(10)

    def kill_worker(self):
        """Kill the worker and its children in the middle of their work."""
        self._worker.kill()

    def twins(self):
        """Return a second worker and a second beat, not yet started; the caller has to stop them."""
        twin = {self._name: f"{self._name}-2", str(self.folder / "beat-schedule"): str(self.folder / "beat-schedule2")}
        commands = [
            [twin.get(part, part).replace(f"{self._name}@", f"{self._name}-2@") for part in process.command]
            for process in (self._worker, self._beat)
        ]
        return [self._process(name, command) for name, command in zip(("worker2", "beat2"), commands, strict=True)]

    def manage(self, *arguments, owner=False, check=True):
        """Run ``manage.py`` on the stack's database and return what it printed.

        It runs as the serving role or, with ``owner``, as the owner.
        """
        return self._run([sys.executable, "manage.py", *arguments], owner=owner, check=check)

    def python(self, code, *, owner=False, check=True):
        """Run code in a separate process with Django set up, and return what it printed."""
        start = "import django, sys; django.setup(); exec(compile(sys.stdin.read(), '<stack>', 'exec'), {})"
        return self._run([sys.executable, "-c", start], text=code, owner=owner, check=check)

    @contextlib.contextmanager
    def orm(self):
        """Point this process's Django at the stack's database, outside of a test's transaction."""
        with self._blocker.unblock(), databases.default_connection(self.env["DATABASE_URL"]):
            yield

    def issue_cards(self, *cards):
        """Tell the demo's operator (phone, name, identity number) of people, so that it confirms them."""
        # This module is imported before Django is ready.
        from portal.members.real_names import demo_cards_issue

        with override_settings(SMS_DIR=str(self.sms_dir)):
            demo_cards_issue(cards)

    @contextlib.contextmanager
    def valkey(self):
        """Yield a connection to the stack's Valkey database."""
        link = redis.Redis.from_url(self.env["REDIS_URL"])
        try:
            yield link
        finally:
            link.close()

    def log(self, name, *, whole=False):
        """Return the log of ``web``, ``worker`` or ``beat`` during the current tests.

        With ``whole``, return it since the start of the process.
        """
        begun = 0 if whole else self._logged.get(name, 0)
        return (self.folder / f"{name}.log").read_bytes()[begun:].decode(errors="replace")

    def _process(self, name, command):
        return Process(name, command, env=self.env, cwd=ROOT, log=self.folder / f"{name}.log")

    def _note(self):
        self._ledger.write([self._web, self._worker, self._beat])

    def _run(self, command, *, text=None, owner, check):
        env = {**self.env, "PORTAL_DATABASE_ROLE": "owner"} if owner else self.env
        result = subprocess.run(command, cwd=ROOT, env=env, input=text, capture_output=True, text=True, check=False)
        if check and result.returncode:
            raise StackError(f"{command[1:]} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def _wait(self, what, answers, processes=()):
        try:
            ended = wait_until(answers, processes or [self._web, self._worker, self._beat], 60)
        except TimeoutError:
            lines = "\n".join(process.last_lines() for process in (self._web, self._worker))
            raise StackError(f"The {what} does not answer within 60 s:\n{lines}") from None
        if ended:
            raise StackError(f"{ended.name} ended:\n{ended.last_lines(40)}")

    def _healthy(self):
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except OSError:
            return False

    def _idle(self):
        with self.valkey() as link:
            return not link.llen("celery") and not link.hlen("unacked")

    def _worker_listens(self):
        with self.valkey() as link:
            return any(item["cmd"] == "brpop" and item["db"] == str(self.number) for item in link.client_list())
