"""The files in a folder of servers: secrets, environment, state, locks.

They are private, and each is written completely or not at all.
"""

import contextlib
import fcntl
import json
import os


class ServersError(Exception):
    """A server cannot be started or stopped; the text says what to do."""


def make_folder(folder):
    """Create the folder and its missing parents so that the servers' user can pass through them.

    Existing folders stay as they are.
    """
    missing = []
    path = folder
    while not path.exists():
        missing.append(path)
        path = path.parent
    for path in reversed(missing):
        path.mkdir()
        path.chmod(0o755)
    if not os.access(folder, os.W_OK):
        raise ServersError(f"{folder} belongs to another user: run this as that user, or remove the folder.")
    return folder


@contextlib.contextmanager
def locked(path):
    with open(path, "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def read_state(folder):
    try:
        return json.loads((folder / "servers.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_state(folder, state):
    write_private(folder / "servers.json", json.dumps(state))


def write_private(path, text):
    """Write a file that only its owner may read, completely or not at all."""
    making = path.with_name(f"{path.name}.part")
    making.unlink(missing_ok=True)
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    making.rename(path)


def write_env(path, values):
    write_private(path, "".join(f"{name}={value}\n" for name, value in values.items()))


def read_env(path):
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except PermissionError:
        raise ServersError(f"{path} belongs to another user: run this as that user, or remove its folder.") from None
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def last_lines(path, count=15):
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
    except OSError:
        return "(no log)"
