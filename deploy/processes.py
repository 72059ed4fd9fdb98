"""Processes that a supervisor starts, watches and stops, each with its own process group and log."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from deploy.servers.processes import command_line


class Process:
    """A program in its own process group, so that Ctrl-C in the terminal reaches only the supervisor."""

    def __init__(self, name, command, *, env, cwd, log):
        self.name = name
        self.command = [str(part) for part in command]
        self.env = env
        self.cwd = cwd
        self.log = Path(log)
        self.popen = None

    @property
    def pid(self):
        """The process id, or None before the start."""
        return self.popen and self.popen.pid

    def start(self):
        """Start the program; append its output to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as handle:
            self.popen = subprocess.Popen(
                self.command,
                env={**self.env, "PYTHONUNBUFFERED": "1"},
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def running(self):
        """Return whether the program is running."""
        return self.popen is not None and self.popen.poll() is None

    def ask_to_end(self):
        """Send SIGTERM without waiting."""
        if self.running():
            self.popen.send_signal(signal.SIGTERM)

    def pause(self):
        """Keep the program from running until ``resume``."""
        if self.running():
            self.popen.send_signal(signal.SIGSTOP)

    def resume(self):
        """Let a paused program run again, or start one that has ended."""
        if self.running():
            self.popen.send_signal(signal.SIGCONT)
        else:
            self.start()

    def stop(self, seconds=15):
        """Ask the program to stop, wait, then kill what is left of its process group."""
        self.ask_to_end()
        if self.running():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(seconds)
        self.kill()

    def kill(self):
        """Kill the whole process group at once."""
        if self.popen is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self.popen = None

    def last_lines(self, count=15):
        """Return the end of the log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
        except OSError:
            return "(no log)"


class Ledger:
    """File with the processes of a supervisor, so that a later supervisor can stop those left behind."""

    def __init__(self, path):
        self.path = Path(path)

    def write(self, processes):
        """Record the current supervisor and the running processes."""
        running = [{"pid": process.pid, "command": process.command} for process in processes if process.running()]
        making = self.path.with_name(f"{self.path.name}.part")
        making.write_text(json.dumps({"supervisor": os.getpid(), "processes": running}), encoding="utf-8")
        making.rename(self.path)

    def remove(self):
        """Remove the file, because the processes have ended."""
        self.path.unlink(missing_ok=True)

    def supervisor_runs(self):
        """Return whether the process that wrote the file is still alive."""
        return bool(command_line(self._read().get("supervisor", 0)))

    def end_leftovers(self):
        """Kill the listed processes that still run; skip ids that another program has now."""
        for entry in self._read().get("processes", ()):
            for pid in _group(entry["pid"]):
                if " ".join(command_line(pid)) == " ".join(entry["command"]):
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(pid, signal.SIGKILL)
        self.remove()

    def _read(self):
        try:
            return json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}


def _group(leader):
    """Return the processes of a group, even if its leader has ended."""
    members = [leader]
    for folder in Path("/proc").glob("[0-9]*") if Path("/proc/self/stat").exists() else ():
        pid = int(folder.name)
        with contextlib.suppress(OSError):
            if pid != leader and os.getpgid(pid) == leader:
                members.append(pid)
    return members


def wait_until(answers, processes, seconds):
    """Wait until ``answers()`` is true and return None, or return the process that ended first.

    Raises TimeoutError after ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for process in processes:
            if not process.running():
                return process
        if answers():
            return None
        time.sleep(0.1)
    raise TimeoutError
