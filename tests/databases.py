"""The databases of the tests: one migrated template, and clones of it."""

import contextlib
import fcntl
import hashlib
import itertools
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from deploy.servers.processes import command_line

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "test"
TEMPLATE = "portal_template_"
CLONE = "portal_test_"

_held = []  # open lock files: a lock lasts as long as the process
_known = {}  # owner's URL -> template, looked up once per process
_numbers = itertools.count(1)


def url_for(url, name):
    """Return the URL with the name of another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def template(env):
    """Return the name of the template for the current migrations; the first caller creates it."""
    if env["DATABASE_OWNER_URL"] in _known:
        return _known[env["DATABASE_OWNER_URL"]]
    digest = _digest()
    name = f"{TEMPLATE}{digest}"
    with _locked("template.lock"):
        # A shared lock for the life of this process, so that no other run drops the template while it is in use.
        handle = open(FOLDER / f"template-{digest}.lock", "a")  # noqa: SIM115
        _held.append(handle)
        fcntl.flock(handle, fcntl.LOCK_SH)
        with _owner(env) as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
            names = {row[0] for row in cursor.fetchall()}
            _drop_stale(cursor, names - {name})
        if name not in names:
            _make_template(env, name)
    _known[env["DATABASE_OWNER_URL"]] = name
    return name


def clone_name():
    """Return a new name for a clone, with this process's number in it."""
    return f"{CLONE}{os.getpid()}_{next(_numbers)}"


def clone(env, name):
    """Create a database from the template."""
    source = template(env)
    with _owner(env) as cursor:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(source)))
        cursor.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def vacuum(env, name):
    """Release the space of rolled-back rows, because of which the planner takes full tables for empty."""
    with _owner({"DATABASE_OWNER_URL": url_for(env["DATABASE_OWNER_URL"], name)}) as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def drop(env, name):
    """Drop a database and end its sessions."""
    with _owner(env) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def valkey_number():
    """Return the number of a Valkey database that no other process uses while this one lives."""
    for number in range(1, 64):
        handle = open(FOLDER / f"valkey-{number}.lock", "a")  # noqa: SIM115
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
        else:
            _held.append(handle)
            return number
    raise RuntimeError("All 63 Valkey databases are in use: another run of the tests does not end.")


@contextlib.contextmanager
def default_connection(url):
    """Point Django's default connection, in every thread, at another database, as the role in the URL."""
    from django.db import connections

    settings = connections.settings["default"]
    if connections["default"].in_atomic_block:
        raise RuntimeError("This test holds a transaction: use fresh_database or stack.orm() without django_db.")
    before = settings["NAME"], os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"]
    role = settings["USER"], settings["PASSWORD"]
    parts = urlsplit(url)
    name = parts.path.removeprefix("/")
    connections.close_all()
    settings["NAME"], settings["USER"], settings["PASSWORD"] = name, parts.username, parts.password
    os.environ["DATABASE_URL"] = url
    os.environ["DATABASE_OWNER_URL"] = url_for(before[2], name)
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"], os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = before
        settings["USER"], settings["PASSWORD"] = role


def _digest():
    """Return a short hash of what the template depends on.

    This is the migrations, the files they read, the version of Django, for its own migrations, and this module.
    """
    digest = hashlib.sha256()
    files = [ROOT / "requirements/base.txt", ROOT / "deploy/servers/postgres.py", Path(__file__)]
    for pattern in ("*/migrations/*.py", "portal/*/migrations/*.py", "portal/**/*.sql", "*/sql/*.sql"):
        files += ROOT.glob(pattern)
    for path in sorted(set(files)):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _make_template(env, name):
    building = f"{name}_building"
    with _owner(env) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(building)))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template1").format(sql.Identifier(building)))
    result = subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0", "--no-input"],
        cwd=ROOT,
        env={
            **os.environ,
            **env,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "PORTAL_DATABASE_ROLE": "owner",
            "DATABASE_OWNER_URL": url_for(env["DATABASE_OWNER_URL"], building),
            "DATABASE_URL": url_for(env["DATABASE_URL"], building),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"The migrations fail:\n{result.stdout}{result.stderr}")
    _number_apart({"DATABASE_OWNER_URL": url_for(env["DATABASE_OWNER_URL"], building)})
    with _owner(env) as cursor:
        cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (building, name))))
        # A database with an open session cannot be cloned.
        cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))


def _number_apart(env):
    """Begin the row numbers of each table elsewhere, all with six digits.

    A page keeps its length while a run goes on, which a step from 99 to 100 would change, and no test passes because
    rows of two tables have the same number by chance.
    """
    with _owner(env) as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename")
        for place, (name,) in enumerate(cursor.fetchall()):
            first = sql.Literal(100_000 + 4_000 * place)
            cursor.execute(
                sql.SQL("ALTER SEQUENCE {} START WITH {first} RESTART WITH {first}").format(
                    sql.Identifier(name), first=first
                )
            )


def _drop_stale(cursor, names):
    """Drop clones of ended processes, and templates of migrations that no run uses."""
    for name in names:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        if name.startswith(CLONE):
            if not command_line(int(name.removeprefix(CLONE).split("_")[0])):
                cursor.execute(statement)
        elif name.startswith(TEMPLATE):
            path = FOLDER / f"template-{name.removeprefix(TEMPLATE).split('_')[0]}.lock"
            with open(path, "a") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                cursor.execute(statement)
                path.unlink()


@contextlib.contextmanager
def _locked(name):
    with open(FOLDER / name, "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _owner(env):
    """Yield a cursor of the owner in the database that no test uses."""
    connection = psycopg2.connect(env["DATABASE_OWNER_URL"], connect_timeout=10)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
