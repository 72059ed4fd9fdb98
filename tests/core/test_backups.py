"""Backups list their contents and are restored only into an empty system, which then sends nothing.

This is property 19 on a small scale.
"""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from psycopg2 import sql

from portal.audit.services import audit_record, seal_all
from portal.audit.verifying import verify
from portal.core import health, privileges, restoring
from portal.core.backups import (
    CONTENTS,
    DUMP,
    MANIFEST,
    STORAGE,
    BackupError,
    backup_check,
    backup_make,
    backup_open,
    backup_restore,
)
from portal.core.models import Backup
from portal.core.sealing import key_pair
from portal.core.starting import check_database
from portal.members.models import Member
from portal.messaging.choices import Channel, MessageState
from portal.messaging.models import Message, OutboxHold
from portal.messaging.services.holding import outbox_unlock
from portal.messaging.services.messages import deliver_due
from tests import databases
from tests.factories.members import make_member

PRIVATE, PUBLIC = key_pair()


@pytest.fixture
def backup(fresh_database, tmp_path):
    """The folder of a backup with one person, a message to this person and one file."""
    person = make_member(phone="12000000001")
    Message.objects.create(recipient=person, kind="a.b", channel=Channel.SMS)
    audit_record(actor=person, action="planted")
    seal_all()
    (tmp_path / "files/ab").mkdir(parents=True)
    (tmp_path / "files/ab/cd").write_bytes(b"\x00bytes of a file")
    folder = tmp_path / "backup"
    make(folder, tmp_path)
    return folder


def make(folder, tmp_path):
    url = os.environ["DATABASE_OWNER_URL"]
    return backup_make(folder, url=url, storage=tmp_path / "files", public_keys=PUBLIC)


@pytest.fixture
def empty_database(servers_env):
    """The owner's URL of a database without tables."""
    name = databases.clone_name()
    with databases._owner(servers_env) as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template1").format(sql.Identifier(name)))
    yield databases.url_for(servers_env["DATABASE_OWNER_URL"], name)
    databases.drop(servers_env, name)


def test_the_contents_name_rows_and_files_and_the_parts_are_sealed(backup):
    manifest = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
    assert manifest == backup_check(backup)
    contents = backup_open(backup, private_keys=PRIVATE)
    assert contents["tables"]["members_member"]["rows"] == 1
    assert contents["tables"]["messaging_message"]["rows"] == 1
    assert list(contents["files"]) == ["ab/cd"]
    assert "django_session" in contents["left_out"]
    assert {path.name for path in backup.iterdir()} == {DUMP, STORAGE, CONTENTS, MANIFEST}
    assert {path.stat().st_mode & 0o777 for path in backup.iterdir()} == {0o600}
    content = b"".join(path.read_bytes() for path in backup.iterdir())
    secrets = (settings.INDEX_KEY, settings.MASTER_KEY, settings.SECRET_KEY, settings.FIELD_KEYS, "12000000001")
    assert [secret for secret in secrets if secret.encode() in content] == []


def test_a_second_backup_does_not_overwrite_the_first(backup, tmp_path):
    before = (backup / MANIFEST).read_bytes()
    with pytest.raises(BackupError):
        make(backup, tmp_path)
    assert (backup / MANIFEST).read_bytes() == before


def test_a_backup_comes_back_and_the_copy_sends_nothing(backup, empty_database, tmp_path):
    storage = tmp_path / "restored"
    with databases.default_connection(empty_database):
        contents = backup_restore(backup, url=empty_database, storage=storage, private_keys=PRIVATE)
        assert (storage / "ab/cd").read_bytes() == b"\x00bytes of a file"
        assert Member.objects.get().phone == "12000000001"
        assert (contents["tables"]["members_member"]["rows"], OutboxHold.objects.count()) == (1, 1)
        assert deliver_due() == 0
        assert Message.objects.get().state == MessageState.WAITING
        assert outbox_unlock()
        assert deliver_due() == 1


def test_nothing_is_restored_over_rows_or_files(backup, empty_database, tmp_path):
    with pytest.raises(BackupError, match="database is not empty"):
        url = os.environ["DATABASE_OWNER_URL"]
        backup_restore(backup, url=url, storage=tmp_path / "restored", private_keys=PRIVATE)
    with databases.default_connection(empty_database), pytest.raises(BackupError, match="files is not empty"):
        backup_restore(backup, url=empty_database, storage=tmp_path / "files", private_keys=PRIVATE)
    assert (Member.objects.count(), OutboxHold.objects.count()) == (1, 0)
    assert not Path(tmp_path / "restored").exists()


FILES = ("ab/cd", "ef/gh", "ij/kl")
# Where the first attempt is killed: the code that runs in place of ``name`` in ``module``.
CRASHES = {
    "before the marks": ("restoring", "_mark_files", "lambda *a: kill()"),
    "before the rows": ("backups", "_feed", "lambda *a: kill()"),
    "in the rows": ("backups", "_feed", "lambda c, *a: kill() if '--section=data' in c else was(c, *a)"),
    "after the rows": ("backups", "_feed", "lambda c, *a: kill() if '--section=post-data' in c else was(c, *a)"),
    "between rows and files": ("backups", "_unpack", "lambda *a: kill()"),
    "in the files": (
        "backups.tarfile.TarFile", "extractfile", "lambda tar, one: kill() if one.name == 'ef/gh' else was(tar, one)"
    ),
    "after the files": ("backups", "tables_sums", "lambda *a: kill()"),
    "before the marks go": ("restoring", "give_place", "lambda *a: kill()"),
}  # fmt: skip
CODE = """
import os, signal, sys
import django
django.setup()
from portal.core import backups, restoring
kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
where, name = {place}, {name!r}
was = getattr(where, name)
setattr(where, name, {instead})
backups.backup_restore(sys.argv[1], url=os.environ["DATABASE_OWNER_URL"], storage=sys.argv[2], private_keys=sys.argv[3])
"""


@pytest.fixture
def many_files(backup, tmp_path):
    """The folder of a backup with three files."""
    for name in FILES[1:]:
        (tmp_path / "files" / name).parent.mkdir()
        (tmp_path / "files" / name).write_bytes(name.encode() * 50_000)
    make(tmp_path / "three", tmp_path)
    return tmp_path / "three"


def killed(folder, url, storage, crash):
    """Start a restore in a separate process that kills itself on the way."""
    place, name, instead = CRASHES[crash]
    ended = subprocess.run(
        [sys.executable, "-c", CODE.format(place=place, name=name, instead=instead), folder, storage, PRIVATE],
        cwd=databases.ROOT,
        env={**os.environ, "DATABASE_OWNER_URL": url, "PORTAL_DATABASE_ROLE": "owner"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


@pytest.mark.parametrize("crash", CRASHES)
def test_a_restore_that_was_killed_is_repeated(many_files, empty_database, tmp_path, crash):
    storage = tmp_path / "restored"
    killed(many_files, empty_database, storage, crash)
    with databases.default_connection(empty_database):
        with pytest.raises(ImproperlyConfigured, match="has not ended"):
            check_database()
        with pytest.raises(BackupError, match="half the rows"):
            backup_make(tmp_path / "half", url=empty_database, storage=storage, public_keys=PUBLIC)
        backup_restore(many_files, url=empty_database, storage=storage, private_keys=PRIVATE)
        assert not restoring.is_under_way()
        assert (Member.objects.count(), OutboxHold.objects.count()) == (1, 1)
        assert verify()[1:] == (1, [])
        with connection.cursor() as cursor:
            assert privileges.compare(cursor).lines() == []
            assert privileges.audit_excess(cursor, "portal_app") == []
    names = {path.relative_to(storage).as_posix() for path in storage.rglob("*") if path.is_file()}
    assert names == set(FILES)
    assert all((storage / name).read_bytes() == (tmp_path / "files" / name).read_bytes() for name in FILES)


def test_a_repeated_restore_touches_no_file_of_somebody_else(many_files, empty_database, tmp_path):
    storage = tmp_path / "restored"
    killed(many_files, empty_database, storage, "in the files")
    (storage / "letter").write_text("mine")
    with databases.default_connection(empty_database):
        with pytest.raises(BackupError, match="did not bring letter"):
            backup_restore(many_files, url=empty_database, storage=storage, private_keys=PRIVATE)
        other = tmp_path / "other"
        (other / "ab").mkdir(parents=True)
        (other / "ab/cd").write_text("mine")
        with pytest.raises(BackupError, match="files is not empty"):
            backup_restore(many_files, url=empty_database, storage=other, private_keys=PRIVATE)
    assert ((storage / "letter").read_text(), (other / "ab/cd").read_text()) == ("mine", "mine")
    assert (storage / "ab/cd").exists()


def test_half_a_restore_in_a_folder_says_nothing_of_another_database(many_files, empty_database, tmp_path):
    """An interrupted restore in a folder does not concern another database.

    The marks of folder and database belong together: with a new database, an old folder is not cleared.
    """
    storage = tmp_path / "restored"
    killed(many_files, empty_database, storage, "in the files")
    with databases.default_connection(empty_database):
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {restoring.UNDER_WAY} CASCADE")
        with pytest.raises(BackupError, match="database is not empty"):
            backup_restore(many_files, url=empty_database, storage=storage, private_keys=PRIVATE)
        with connection.cursor() as cursor:
            restoring._clear_database(cursor)
        with pytest.raises(BackupError, match="files is not empty"):
            backup_restore(many_files, url=empty_database, storage=storage, private_keys=PRIVATE)


def test_another_backup_clears_what_broke_off_and_follows_no_complete_one(backup, many_files, empty_database, tmp_path):
    storage = tmp_path / "restored"
    killed(many_files, empty_database, storage, "in the files")
    killed(backup, empty_database, storage, "before the marks go")
    with databases.default_connection(empty_database):
        with pytest.raises(BackupError, match="another backup ended here"):
            backup_restore(many_files, url=empty_database, storage=storage, private_keys=PRIVATE)
        backup_restore(backup, url=empty_database, storage=storage, private_keys=PRIVATE)
    assert [path.name for path in storage.rglob("*") if path.is_file()] == ["cd"]


def test_two_restores_at_once_are_refused(backup, empty_database, tmp_path):
    with (
        databases.default_connection(empty_database),
        databases._owner({"DATABASE_OWNER_URL": empty_database}) as other,
    ):
        other.execute("SELECT pg_advisory_lock(%s)", [restoring.RESTORE_LOCK])
        with pytest.raises(BackupError, match="Another restore"):
            backup_restore(backup, url=empty_database, storage=tmp_path / "restored", private_keys=PRIVATE)


def test_what_the_default_privileges_give_too_much_is_taken_and_said(backup, empty_database, tmp_path):
    with databases.default_connection(empty_database):
        contents = backup_restore(backup, url=empty_database, storage=tmp_path / "restored", private_keys=PRIVATE)
    assert contents["privileges"] == [
        "too much: PUBLIC: TEMPORARY on database " + empty_database.rpartition("/")[2],
        *(
            f"too much: portal_app: DELETE, UPDATE on table {table}"
            for table in ("audit_auditentry", "audit_auditseal", "audit_sealedentry")
        ),
        "too much: portal_app: DELETE, INSERT, UPDATE on table core_backup",
    ]


def test_a_database_without_default_privileges_gets_them(backup, empty_database, tmp_path):
    with databases.default_connection(empty_database):
        with connection.cursor() as cursor:
            cursor.execute("ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM portal_app")
            cursor.execute("ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM portal_app")
        contents = backup_restore(backup, url=empty_database, storage=tmp_path / "restored", private_keys=PRIVATE)
        with connection.cursor() as cursor:
            assert privileges.compare(cursor).lines() == []
    assert "missing: portal_app: SELECT, USAGE on default SEQUENCES" in contents["privileges"]


# The age of the last backup.


def found(name):
    return next(check for check in health.checks() if check.name == name)


@pytest.fixture
def as_owner(fresh_database):
    """Work on the test's database as the owner: the serving role cannot write the record of a backup."""
    with databases.default_connection(os.environ["DATABASE_OWNER_URL"]):
        yield


@pytest.mark.parametrize(("hours", "well"), [(25, True), (27, False), (None, False)])
def test_an_old_backup_is_red_and_so_is_none(as_owner, settings, hours, well):
    settings.BACKUP_HOURS = 26
    if hours:
        for age in (hours, hours + 24):
            Backup.objects.create(
                made_at=timezone.now() - timedelta(hours=age), seconds=9, size=5 << 20, rows=7, files=1
            )
    check = found("backup")
    assert (check.well, check.grave) == (well, True)
    assert ("5 MB" in str(check.value)) == bool(hours)


def test_where_no_backup_is_asked_for_none_is_well(db):
    assert (found("backup").well, found("archive").well) == (True, True)


def test_production_asks_for_a_backup_each_day(settings, db):
    source = (databases.ROOT / "portal/settings/production.py").read_text(encoding="utf-8")
    assert 'BACKUP_HOURS = env.int("PORTAL_BACKUP_HOURS", 26)' in source
    settings.BACKUP_HOURS = 26
    # The PostgreSQL server of the tests archives nothing.
    assert (found("archive").well, found("archive").grave) == (False, False)


def test_the_command_notes_what_ended_well(as_owner, backup, tmp_path, settings, monkeypatch, capsys):
    settings.BACKUP_HOURS, settings.BACKUP_PUBLIC_KEY = 26, PUBLIC
    settings.PRIVATE_STORAGE_DIR = tmp_path / "files"
    with pytest.raises(CommandError, match="never written over"):
        call_command("backup", str(backup))
    assert (Backup.objects.count(), found("backup").well) == (0, False)
    call_command("backup", str(tmp_path / "noted"))
    noted = Backup.objects.get()
    assert noted.size == sum(path.stat().st_size for path in (tmp_path / "noted").iterdir())
    assert (noted.files, noted.rows > 50, found("backup").well) == (1, True, True)


def test_a_copy_has_no_backup_of_its_own_yet(as_owner, tmp_path, empty_database):
    Backup.objects.create(made_at=timezone.now(), seconds=1, size=1, rows=1, files=1)
    make(tmp_path / "backup", tmp_path)
    with databases.default_connection(empty_database):
        backup_restore(tmp_path / "backup", url=empty_database, storage=tmp_path / "restored", private_keys=PRIVATE)
        assert Backup.objects.count() == 0
