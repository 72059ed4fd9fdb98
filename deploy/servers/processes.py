"""Processes and ports of servers that continue to run after the command that started them."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from deploy.servers.files import ServersError, read_state, write_state
from deploy.servers.users import clean_env

# Below the range of ports that the system uses for outgoing connections.
PORTS = range(20000, 32000)
_children = []  # keeps Popen objects, whose loss would be reported as a leak


def free_port():
    """Return a port below 32768 on which nothing listens at 127.0.0.1."""
    for _attempt in range(200):
        port = random.choice(PORTS)
        if port_is_free(port):
            return port
    raise ServersError("No free port between 20000 and 32000 was found on 127.0.0.1.")


def port_is_free(port, host="127.0.0.1"):
    """Return whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def spawn(command, log, cwd, user):
    with open(log, "ab") as handle:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=clean_env(),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal is meant for the supervisor, which stops the servers in its own order.
            start_new_session=True,
            **user.switch,
        )
    _children.append(process)
    return process


def wait_for(process, answers, seconds):
    """Return whether the server answers before it ends or the timeout is reached."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if answers():
            return True
        time.sleep(0.05)
    process.kill()
    process.wait()
    return False


def server_pid(folder, name):
    """Return the process id of the folder's server, or None.

    An id that belongs to another program now counts as none.
    """
    state = read_state(folder)
    home = Path(state.get("home", folder))
    if name == "postgres":
        path, mark = home / "postgres/postmaster.pid", str(home / "postgres")
    else:
        path, mark = home / "valkey/valkey.pid", str(home / "valkey/valkey.conf")
    pids = []
    with contextlib.suppress(OSError, ValueError, IndexError):
        pids.append(int(path.read_text(encoding="ascii").splitlines()[0]))
    if name in state:
        pids.append(state[name]["pid"])
    return next((pid for pid in pids if mark in command_line(pid)), None)


def command_line(pid):
    """Return the arguments of a running process as a list, empty if there is no such process."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    if sys.platform == "linux":
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).rstrip("\0").split("\0")
        except OSError:
            return []
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.split()


def stop_servers(folder):
    """Stop both servers, Valkey first: by a soft signal, then by harder ones."""
    found = False
    for name, steps in (
        ("valkey", ((signal.SIGTERM, 10), (signal.SIGKILL, 5))),
        ("postgres", ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))),
    ):
        pid = server_pid(folder, name)
        if pid is None:
            continue
        found = True
        for number, seconds in steps:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                break
            except PermissionError:
                raise ServersError(f"{name} (pid {pid}) was started by another user: stop it as that user.") from None
            if _gone(folder, name, seconds):
                break
        else:
            raise ServersError(f"{name} (pid {pid}) does not end.")
    state = read_state(folder)
    if state:
        sockets = state.get("postgres", {}).get("sockets")
        if sockets and Path(sockets).name.startswith("wp-"):
            shutil.rmtree(sockets, ignore_errors=True)
        write_state(folder, {**state, "keep": False})
    return found


def _gone(folder, name, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server_pid(folder, name) is None:
            return True
        time.sleep(0.05)
    return False
