"""The system user of the servers, and where that user can keep data."""

import contextlib
import hashlib
import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.servers.files import ServersError


@dataclass(frozen=True)
class User:
    """The system user of the servers; ``switch`` holds the arguments with which Popen runs as this user."""

    uid: int
    gid: int
    switch: dict


def server_user():
    """Return the servers' user: the current user, or for root an existing unprivileged account.

    A bare uid is not enough: initdb looks its user up in the passwd database.
    """
    if os.geteuid() != 0:
        return User(os.geteuid(), os.getegid(), {})
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            switch = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            return User(entry.pw_uid, entry.pw_gid, switch)
    raise ServersError(
        "PostgreSQL does not run as root and there is no account 'postgres' or 'nobody' to run it as: "
        "use an ordinary account."
    )


def data_home(folder, user):
    """Return the folder for the servers' data: ``folder``, or one outside if their user cannot enter it."""
    if not user.switch or runs(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], user):
        return folder
    home = outside_home(folder)
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=0o711)
        home.chmod(0o711)
    facts = home.lstat()
    if home.is_symlink() or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        raise ServersError(f"{home} is not ours: somebody else made it. Remove it and start again.")
    return home


def outside_home(folder):
    base = Path("/var/tmp")
    if not os.access(base, os.W_OK | os.X_OK):
        base = Path(tempfile.gettempdir())
    return base / f"women-portal-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"


def runs(command, user):
    """Return whether the command succeeds when the servers' user runs it."""
    try:
        result = subprocess.run(
            command,
            cwd="/",
            env=clean_env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
            **user.switch,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return result.returncode == 0


def clean_env():
    """Return the environment of the servers, without the secrets of the current environment."""
    return {"PATH": os.defpath, "LC_ALL": "C", "HOME": "/"}
