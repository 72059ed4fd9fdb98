"""The PostgreSQL cluster for development: its locale, roles, rights and database."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from deploy.servers.files import ServersError, last_lines, write_private
from deploy.servers.processes import free_port, port_is_free, spawn, wait_for
from deploy.servers.users import clean_env

DATABASE = "portal"
OWNER = "portal_owner"
APP = "portal_app"
SUPERUSER = "postgres"
EXTENSIONS = ("pg_trgm", "btree_gist")
SAMPLE = "会聚良缘"
INITDB_FLAGS = (
    "-E", "UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    # Without this flag Chinese text gives no trigrams.
    "--lc-ctype=C.UTF-8",
    "--lc-collate=C",
    "--auth=scram-sha-256",
    "-U", SUPERUSER,
)  # fmt: skip
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # A logged statement would contain the values of personal fields.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "logging_collector": "off",
    "unix_socket_permissions": "0700",
}
# A test cluster is discarded when the machine crashes, but commits must survive the kill of a process.
POSTGRES_TEST_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


def initdb(binaries, data, values, user, log):
    """Create the cluster, completely or not at all."""
    making = data.with_name("postgres.part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    password = making.with_name("postgres.password")
    write_private(password, values["POSTGRES_PASSWORD"] + "\n")
    os.chown(making, user.uid, user.gid)
    os.chown(password, user.uid, user.gid)
    try:
        result = subprocess.run(
            [str(binaries / "initdb"), *INITDB_FLAGS, f"--pwfile={password}", "--no-sync", "-D", str(making)],
            cwd=making,
            env=clean_env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **user.switch,
        )
    finally:
        password.unlink()
    (log / "initdb.log").write_text(result.stdout, encoding="utf-8")
    if result.returncode:
        raise ServersError(f"initdb failed:\n{last_lines(log / 'initdb.log')}")
    making.rename(data)


def check_version(binaries, data, folder, user):
    """Refuse a cluster created by another major version of PostgreSQL."""
    answer = subprocess.run(
        [str(binaries / "postgres"), "--version"],
        cwd="/",
        env=clean_env(),
        capture_output=True,
        text=True,
        check=True,
        **user.switch,
    )
    major = re.search(r"(\d+)", answer.stdout).group(1)
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if major != made_by:
        raise ServersError(
            f"The data in {folder} was made by PostgreSQL {made_by}, the binaries are {major}: remove the folder."
        )


def start_postgres(binaries, data, user, values, state, log, *, test):
    settings = POSTGRES_SETTINGS | (POSTGRES_TEST_SETTINGS if test else {})
    # The path of a socket is limited to about a hundred bytes, and the path of the folder may be longer.
    sockets = Path(tempfile.mkdtemp(prefix="wp-", dir="/tmp" if os.access("/tmp", os.W_OK) else None))
    os.chown(sockets, user.uid, user.gid)
    # None of these servers runs now, so the process id left by a crash may belong to another program, which would
    # prevent the start.
    (data / "postmaster.pid").unlink(missing_ok=True)
    port = state.get("postgres", {}).get("port")
    for _attempt in range(5):
        if not port or not port_is_free(port):
            port = free_port()
        command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), "-k", str(sockets)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        process = spawn(command, log / "postgres.log", data, user)
        facts = {"pid": process.pid, "port": port, "sockets": str(sockets)}
        if wait_for(process, lambda facts=facts: postgres_answers(values, facts["port"]), 60):
            return facts
        port = None
        # The processes of a killed server need a moment to release its memory.
        time.sleep(0.5)
    shutil.rmtree(sockets, ignore_errors=True)
    raise ServersError(f"PostgreSQL did not start:\n{last_lines(log / 'postgres.log')}")


def superuser_url(values, state):
    return f"postgresql://{SUPERUSER}:{values['POSTGRES_PASSWORD']}@127.0.0.1:{state['postgres']['port']}/postgres"


def _connect(values, port, database="postgres"):
    return psycopg2.connect(
        host="127.0.0.1",
        port=port,
        user=SUPERUSER,
        password=values["POSTGRES_PASSWORD"],
        dbname=database,
        connect_timeout=5,
    )


def postgres_answers(values, port):
    try:
        _connect(values, port).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextlib.contextmanager
def _cursor(values, state, database="postgres"):
    connection = _connect(values, state["postgres"]["port"], database)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def set_up(values, state):
    """Create the two roles, the extensions, their rights and the database; a second call changes nothing."""
    with _cursor(values, state) as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        roles = {row[0] for row in cursor.fetchall()}
        for role, rights, password in (
            (OWNER, "CREATEDB", values["OWNER_PASSWORD"]),
            (APP, "NOCREATEDB", values["APP_PASSWORD"]),
        ):
            if role not in roles:
                statement = f"CREATE ROLE {{}} LOGIN NOSUPERUSER NOCREATEROLE {rights} PASSWORD {{}}"
                cursor.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password)))
        if OWNER not in roles:
            # DROP DATABASE ... WITH (FORCE) ends sessions of the application role.
            cursor.execute(f"GRANT pg_signal_backend TO {OWNER}")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone():
            return
    with _cursor(values, state, "template1") as cursor:
        for extension in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        cursor.execute("SELECT show_trgm(%s)", [SAMPLE])
        if not cursor.fetchone()[0]:
            raise ServersError("The locale of the cluster makes no trigrams of Chinese text: remove the folder.")
        # Stored per database, and copied from here into every database created later.
        grant = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT"
        cursor.execute(f"{grant} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}")
        cursor.execute(f"{grant} USAGE, SELECT ON SEQUENCES TO {APP}")
    with _cursor(values, state) as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template1")
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {DATABASE} FROM PUBLIC")
