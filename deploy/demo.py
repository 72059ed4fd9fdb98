"""The whole portal on this machine: servers, data, web server, worker and beat, until Ctrl-C.

Use: ``python -m deploy.demo [--reset] [--autoreload] [--host 127.0.0.1] [--port 8000]``
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from deploy.processes import Ledger, Process, wait_until
from deploy.servers import cluster
from deploy.servers.files import ServersError
from deploy.servers.processes import command_line, port_is_free

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "demo"
LOG = FOLDER / "log"
WEB_SECONDS = 60
STEP_SECONDS = 1800


class DemoError(Exception):
    """The demo cannot continue; the text says why."""


class Stopped(BaseException):
    """A signal asked the demo to end."""


def main(arguments=None):
    """Run the demo until it is stopped; return the exit code: 0 when stopped, 1 when something failed."""
    parser = argparse.ArgumentParser(description="Run the portal with demo data until Ctrl-C.")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away first")
    parser.add_argument("--autoreload", action="store_true", help="restart the web server when code changes")
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        if options.reset:
            _reset()
        _claim(options)
    except Stopped:
        say("Stopped.")
    except (DemoError, ServersError) as error:
        say(str(error))
        return 1
    return 0


def say(text):
    """Print immediately, also into a pipe."""
    with contextlib.suppress(BrokenPipeError):
        print(text, flush=True)


def _stop(*_):
    raise Stopped


def _reset():
    """Stop a demo that runs from this folder and remove its data."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        supervisor = json.loads((FOLDER / "demo.json").read_text(encoding="utf-8"))["supervisor"]
        if "deploy.demo" in command_line(supervisor):
            say("Stopping the demo that runs ...")
            os.kill(supervisor, signal.SIGTERM)
            deadline = time.monotonic() + 60
            while command_line(supervisor) and time.monotonic() < deadline:
                time.sleep(0.1)
    Ledger(FOLDER / "demo.json").end_leftovers()
    cluster.wipe(FOLDER)


def _claim(options):
    """Run the demo unless one already runs from this folder."""
    LOG.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "demo.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"The demo already runs from this folder: {_read(FOLDER / 'address') or 'it is starting'}")
            return
        Demo(options).run()


class Demo:
    """One run: the servers, the steps that prepare them, and the processes that serve."""

    def __init__(self, options):
        self.options = options
        self.ledger = Ledger(FOLDER / "demo.json")
        self.processes = []
        self.env = {}
        self.begun = time.monotonic()

    def run(self):
        """Start everything, wait for the end, stop everything; raise DemoError if a process ended by itself."""
        self.ledger.end_leftovers()
        self.ledger.write([])
        with contextlib.ExitStack() as stack:
            stack.callback(self._forget)
            say("Starting PostgreSQL and Valkey ...")
            running = stack.enter_context(cluster.lease(FOLDER))
            stack.callback(self._stop_processes)
            self.port = self._choose_port()
            self.url = f"http://{self._shown_host()}:{self.port}"
            hosts = {self.options.host, self._shown_host(), socket.gethostname()} - {"0.0.0.0", "::"}
            self.env = {
                **os.environ,
                **running.env,
                "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
                "PORTAL_SITE_URL": self.url,
                "ALLOWED_HOSTS": ",".join([running.env["ALLOWED_HOSTS"], *sorted(hosts)]),
                "PYTHONUNBUFFERED": "1",
            }
            if self.options.autoreload:
                self.env["PORTAL_DEBUG"] = "1"
            self.env.pop("PORTAL_DATABASE_ROLE", None)
            self._prepare()
            self._start_processes()
            self._greet()
            self._watch()

    def _prepare(self):
        """Bring database, catalogs and static files up to date; skip what is unchanged since the last run."""
        code = ["*/migrations/*.py", "portal/*/migrations/*.py", "requirements/base.txt"]
        self._step("Migrating", "migrate", ["migrate", "--no-input", "-v", "1"], code)
        self._step("Compiling catalogs", "catalogs", ["catalogs", "compile"], ["locale/**/*.po"], made="locale/**/*.mo")
        if not self.options.autoreload:
            static = ["static/**/*", "requirements/base.txt", "portal/settings/*.py"]
            command = ["collectstatic", "--no-input", "-v", "0", "--clear"]
            self._step("Collecting static files", "static", command, static)
        reference = ["portal/organizations/data/**/*", "portal/organizations/management/**/*.py", *code]
        self._step("Loading regions", "regions", ["load_regions"], reference)
        self._step("Loading legal parameters", "law", ["load_legal_parameters"], reference)
        self._step("Loading the working-day calendar", "calendar", ["load_calendar"], reference)
        self._manage("Loading demo data", ["load_demo"])

    def _step(self, title, name, command, patterns, *, made=None):
        """Run a command of manage.py unless its inputs are unchanged and its output exists."""
        path = FOLDER / "steps.json"
        done = json.loads(_read(path) or "{}")
        digest = _digest(patterns)
        if done.get(name) == digest and (made is None or any(ROOT.glob(made))):
            return
        self._manage(title, command)
        path.write_text(json.dumps({**done, name: digest}), encoding="utf-8")

    def _manage(self, title, command):
        """Run a command of manage.py and return its output."""
        if title:
            say(f"{title} ...")
        name = command[0]
        log = LOG / f"{name}.log"
        log.unlink(missing_ok=True)
        process = Process(name, [sys.executable, "manage.py", *command], env=self.env, cwd=ROOT, log=log).start()
        self.processes.append(process)
        self._note()
        code = process.popen.wait(STEP_SECONDS)
        self.processes.remove(process)
        if code:
            raise DemoError(f"manage.py {name} failed ({log.relative_to(ROOT)}):\n{process.last_lines(30)}")
        return log.read_text(encoding="utf-8", errors="replace")

    def _start_processes(self):
        say("Starting web server, worker and beat ...")
        address = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        if self.options.autoreload:
            web = [sys.executable, "manage.py", "runserver", f"{address}:{self.port}"]
        else:
            web = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"{address}:{self.port}"]
            web += ["--workers", "2", "--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
            # As in production (deploy/gunicorn_config.py), with spare connections for those that browsers keep open.
            web += ["--worker-connections", "64", "--graceful-timeout", "10"]
        celery = [sys.executable, "-m", "celery", "-A", "portal"]
        worker = [*celery, "worker", "-c", "2", "-l", "INFO", "-n", "demo@localhost"]
        beat = [*celery, "beat", "-l", "INFO", "--pidfile=", "-s", str(FOLDER / "beat-schedule")]
        for name, command in (("web", web), ("worker", worker), ("beat", beat)):
            log = LOG / f"{name}.log"
            if log.exists():
                log.replace(log.with_suffix(".log.1"))
            process = Process(name, command, env=self.env, cwd=ROOT, log=log)
            self.processes.append(process)
            process.start()
            self._note()
        try:
            ended = wait_until(self._healthy, self.processes, WEB_SECONDS)
        except TimeoutError:
            raise DemoError(
                f"The web server does not answer within {WEB_SECONDS} s:\n{self.processes[0].last_lines()}"
            ) from None
        if ended:
            raise self._ended(ended)

    def _greet(self):
        (FOLDER / "address").write_text(self.url, encoding="utf-8")
        accounts = self._manage("", ["demo_accounts"])
        say(f"\nThe portal runs: {self.url}   (ready after {time.monotonic() - self.begun:.0f} s)\n")
        say(accounts.rstrip())
        say(f"\nLogs: {LOG.relative_to(ROOT)}/   Stop: Ctrl-C   Afresh: make demo-reset")

    def _watch(self):
        while True:
            for process in self.processes:
                if not process.running():
                    raise self._ended(process)
            time.sleep(0.5)

    def _ended(self, process):
        return DemoError(
            f"The {process.name} ended by itself with code {process.popen.returncode}; stopping the rest. "
            f"Its log ({process.log.relative_to(ROOT)}) ends with:\n{process.last_lines(20)}"
        )

    def _stop_processes(self):
        """Stop all running processes; a second Ctrl-C does not interrupt this."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        say("\nStopping ...")
        for process in reversed(self.processes):
            process.ask_to_end()
        for process in reversed(self.processes):
            process.stop(15)

    def _forget(self):
        self.ledger.remove()
        (FOLDER / "address").unlink(missing_ok=True)

    def _note(self):
        self.ledger.write(self.processes)

    def _choose_port(self):
        wanted = self.options.port
        for port in range(wanted, wanted + 50):
            if port_is_free(port, self.options.host):
                if port != wanted:
                    say(f"Port {wanted} is taken by another program; the portal takes {port}.")
                return port
        raise DemoError(f"Ports {wanted} to {wanted + 49} are all taken: choose another with PORT=...")

    def _shown_host(self):
        """The host in the address shown to people."""
        return "127.0.0.1" if self.options.host in {"0.0.0.0", "::"} else self.options.host

    def _healthy(self):
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except OSError:
            return False


def _digest(patterns):
    """Return a hash of the names, sizes and modification times of the files."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        if path.is_file():
            facts = path.stat()
            digest.update(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _read(path):
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
