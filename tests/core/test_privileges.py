"""The privileges in the database are those of a fresh installation.

Others are reported, repaired, and refused at the start of the portal.
"""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal.core import privileges
from portal.core.models import Heartbeat
from portal.core.starting import check_database
from tests import databases

PLANTED = [
    (
        "GRANT UPDATE, DELETE ON audit_auditentry TO portal_app",
        "too much: portal_app: DELETE, UPDATE on table audit_auditentry",
    ),
    (
        "GRANT UPDATE (note) ON audit_auditentry TO portal_app",
        "too much: portal_app: UPDATE on column audit_auditentry.note",
    ),
    ("GRANT TRUNCATE ON members_member TO portal_app", "too much: portal_app: TRUNCATE on table members_member"),
    ("GRANT SELECT ON members_member TO PUBLIC", "too much: PUBLIC: SELECT on table members_member"),
    ("GRANT INSERT ON core_backup TO portal_app", "too much: portal_app: INSERT on table core_backup"),
    (
        "GRANT SELECT ON members_member TO portal_app WITH GRANT OPTION",
        "too much: portal_app: SELECT WITH GRANT OPTION on table members_member",
    ),
    ("REVOKE INSERT ON audit_auditseal FROM portal_app", "missing: portal_app: INSERT on table audit_auditseal"),
    (
        "REVOKE ALL ON members_duty FROM portal_app",
        "missing: portal_app: DELETE, INSERT, SELECT, UPDATE on table members_duty",
    ),
    (
        "GRANT UPDATE ON SEQUENCE members_member_id_seq TO portal_app",
        "too much: portal_app: UPDATE on sequence members_member_id_seq",
    ),
    ("GRANT CREATE ON SCHEMA public TO portal_app", "too much: portal_app: CREATE on schema public"),
    (
        "ALTER DEFAULT PRIVILEGES GRANT TRUNCATE ON TABLES TO portal_app",
        "too much: portal_app: TRUNCATE on default TABLES",
    ),
    (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT TRUNCATE ON TABLES TO portal_app",
        "too much: portal_app: TRUNCATE on schema default TABLES",
    ),
    (
        "ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM portal_app",
        "missing: portal_app: SELECT, USAGE on default SEQUENCES",
    ),
    ("GRANT TEMPORARY ON DATABASE {} TO PUBLIC", "too much: PUBLIC: TEMPORARY on database {}"),
]
# Privileges that let the serving role change the audit, and how each is reported.
EXCESS = [
    ("GRANT UPDATE ON audit_auditentry TO portal_app", "audit_auditentry: UPDATE"),
    ("GRANT DELETE ON audit_sealedentry TO portal_app", "audit_sealedentry: DELETE"),
    ("GRANT TRUNCATE ON audit_auditseal TO PUBLIC", "audit_auditseal: TRUNCATE"),
    ("GRANT UPDATE (note) ON audit_auditentry TO portal_app", "audit_auditentry: UPDATE"),
    ("GRANT TRIGGER ON audit_auditentry TO portal_app", "audit_auditentry: TRIGGER"),
]


def as_owner(*statements):
    """Execute statements as the owner of the test's database."""
    with databases._owner(os.environ) as cursor:
        for statement in statements:
            cursor.execute(statement)


def as_role(owner):
    return databases.default_connection(os.environ["DATABASE_OWNER_URL" if owner else "DATABASE_URL"])


def test_a_fresh_installation_differs_in_nothing(fresh_database):
    with as_role(owner=True), connection.cursor() as cursor:
        difference = privileges.compare(cursor)
    assert (difference.lines(), bool(difference)) == ([], False)


@pytest.mark.parametrize(("statement", "line"), PLANTED, ids=range(len(PLANTED)))
def test_another_right_is_named_and_repaired(fresh_database, statement, line):
    with as_role(owner=True):
        with connection.cursor() as cursor:
            cursor.execute(statement.format(connection.settings_dict["NAME"]))
        before, after = privileges.repair(connection)
    assert before.lines() == [line.format(fresh_database)]
    assert after.lines() == []


def test_the_command_names_and_repairs(fresh_database, capsys):
    as_owner("GRANT UPDATE ON audit_auditentry TO portal_app")
    with as_role(owner=True):
        with pytest.raises(CommandError, match="not those of a fresh installation"):
            call_command("privileges")
        call_command("privileges", repair=True)
        call_command("privileges")
    line = "too much: portal_app: UPDATE on table audit_auditentry"
    assert capsys.readouterr().out.splitlines() == [
        line,
        f"repaired, {line}",
        "The rights are those of a fresh installation.",
        "The rights are those of a fresh installation.",
    ]


def test_the_serving_role_cannot_repair_itself(fresh_database):
    as_owner("GRANT UPDATE ON audit_auditentry TO portal_app")
    with connection.cursor() as cursor:
        assert privileges.audit_excess(cursor) == ["audit_auditentry: UPDATE"]
    privileges.narrow(connection, "audit_auditentry")  # PostgreSQL warns that nothing was revoked
    with connection.cursor() as cursor:
        assert privileges.audit_excess(cursor) == ["audit_auditentry: UPDATE"]


def test_the_serving_role_can_only_read_the_note_of_backups(fresh_database):
    with connection.cursor() as cursor:
        for privilege, may in (("SELECT", True), ("INSERT", False), ("UPDATE", False), ("DELETE", False)):
            cursor.execute("SELECT has_table_privilege('core_backup', %s)", [privilege])
            assert (privilege, cursor.fetchone()[0]) == (privilege, may)


@pytest.mark.parametrize(("statement", "line"), EXCESS)
def test_a_role_that_could_change_the_audit_does_not_serve(fresh_database, client, statement, line):
    now = timezone.now()
    Heartbeat.objects.bulk_create([Heartbeat(name="beat", at=now), Heartbeat(name="worker", at=now)])
    check_database()
    assert client.get("/readyz").status_code == 200
    as_owner(statement)
    found = [error for error in run_checks(databases=["default"]) if error.id == "core.E003"]
    assert [line in error.msg for error in found] == [True]
    with pytest.raises(ImproperlyConfigured, match=f"{line}.*privileges --repair"):
        check_database()
    assert client.get("/readyz").status_code == 503


def test_the_owner_does_not_serve(fresh_database):
    with as_role(owner=True), pytest.raises(ImproperlyConfigured, match="audit_auditentry: owner"):
        check_database()


def test_asked_by_the_owner_the_check_is_about_the_serving_role(fresh_database, monkeypatch):
    monkeypatch.setenv("PORTAL_DATABASE_ROLE", "owner")
    with as_role(owner=True):
        assert run_checks(databases=["default"], tags=["database"]) == []
        as_owner("GRANT DELETE ON audit_auditentry TO portal_app")
        found = run_checks(databases=["default"], tags=["database"])
    assert [error.id for error in found] == ["core.E003"]


PROCESSES = [
    [sys.executable, "-c", "import portal.wsgi"],
    [sys.executable, "-c", "import portal.asgi"],
    [sys.executable, "-m", "celery", "-A", "portal", "worker", "-P", "solo", "-n", "refused@localhost"],
    [sys.executable, "-m", "celery", "-A", "portal", "beat", "--pidfile=", "-s", "{folder}/schedule"],
]


@pytest.mark.parametrize("command", PROCESSES, ids=["wsgi", "asgi", "worker", "beat"])
def test_serving_processes_do_not_start(fresh_database, tmp_path, command):
    as_owner("GRANT DELETE ON audit_auditentry TO portal_app")
    ended = subprocess.run(
        [part.format(folder=tmp_path) for part in command],
        cwd=databases.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert ended.returncode != 0
    assert "The serving role could change the audit: audit_auditentry: DELETE." in ended.stderr


@pytest.mark.parametrize("command", PROCESSES[:2], ids=["wsgi", "asgi"])
def test_with_the_rights_of_a_fresh_installation_they_do(fresh_database, command):
    started = subprocess.run(command, cwd=databases.ROOT, capture_output=True, text=True, check=False, timeout=90)
    assert (started.returncode, started.stderr) == (0, "")


def test_a_database_that_does_not_answer_stops_no_start(fresh_database):
    url = databases.url_for(os.environ["DATABASE_URL"], "portal_test_nowhere")
    env = {**os.environ, "DATABASE_URL": url}
    started = subprocess.run(PROCESSES[0], cwd=databases.ROOT, env=env, capture_output=True, text=True, check=False)
    assert started.returncode == 0
    assert "was not checked at the start" in started.stderr
