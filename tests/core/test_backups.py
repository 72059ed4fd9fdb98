"""A backup names what it holds, is restored only into emptiness, and the copy sends nothing (property 19, small)."""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings
from psycopg2 import sql

from portal.core.backups import DUMP, MANIFEST, STORAGE, BackupError, backup_check, backup_make, backup_restore
from portal.members.models import Member
from portal.messaging.choices import Channel, MessageState
from portal.messaging.models import Message, OutboxHold
from portal.messaging.services import deliver_due, outbox_unlock
from tests import databases
from tests.factories.members import make_member


@pytest.fixture
def backup(fresh_database, tmp_path):
    """A backup of a database with one person, a message to her and one file; the folder of it."""
    person = make_member(phone="12000000001")
    Message.objects.create(recipient=person, kind="a.b", channel=Channel.SMS)
    (tmp_path / "files/ab").mkdir(parents=True)
    (tmp_path / "files/ab/cd").write_bytes(b"\x00bytes of a file")
    folder = tmp_path / "backup"
    backup_make(folder, url=os.environ["DATABASE_OWNER_URL"], storage=tmp_path / "files")
    return folder


@pytest.fixture
def empty_database(servers_env):
    """The owner's address of a database without tables."""
    name = databases.clone_name()
    with databases._owner(servers_env) as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template1").format(sql.Identifier(name)))
    yield databases.url_for(servers_env["DATABASE_OWNER_URL"], name)
    databases.drop(servers_env, name)


def test_the_manifest_names_rows_and_files_and_no_key(backup):
    manifest = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
    assert manifest == backup_check(backup)
    assert manifest["tables"]["members_member"]["rows"] == 1
    assert manifest["tables"]["messaging_message"]["rows"] == 1
    assert list(manifest["files"]) == ["ab/cd"]
    assert "django_session" in manifest["left_out"]
    assert {path.name for path in backup.iterdir()} == {DUMP, STORAGE, MANIFEST}
    assert {path.stat().st_mode & 0o777 for path in backup.iterdir()} == {0o600}
    content = b"".join(path.read_bytes() for path in backup.iterdir())
    secrets = (settings.INDEX_KEY, settings.MASTER_KEY, settings.SECRET_KEY, settings.FIELD_KEYS, "12000000001")
    assert [secret for secret in secrets if secret.encode() in content] == []


def test_a_second_backup_does_not_overwrite_the_first(backup, tmp_path):
    before = (backup / MANIFEST).read_bytes()
    with pytest.raises(BackupError):
        backup_make(backup, url=os.environ["DATABASE_OWNER_URL"], storage=tmp_path / "files")
    assert (backup / MANIFEST).read_bytes() == before


@pytest.mark.parametrize("part", [DUMP, STORAGE, MANIFEST])
@pytest.mark.parametrize("fault", ["changed", "missing"])
def test_a_backup_with_a_fault_is_refused(tmp_path, part, fault):
    for name in (DUMP, STORAGE):
        (tmp_path / name).write_bytes(b"x")
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    manifest = {"format": 1, "database": {"sha256": digest}, "storage": {"sha256": digest}}
    (tmp_path / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert backup_check(tmp_path) == manifest
    if fault == "missing":
        (tmp_path / part).unlink()
    else:
        (tmp_path / part).write_bytes(b"y")
    with pytest.raises(BackupError):
        backup_check(tmp_path)


def test_a_backup_comes_back_and_the_copy_sends_nothing(backup, empty_database, tmp_path):
    storage = tmp_path / "restored"
    with databases.default_connection(empty_database):
        manifest = backup_restore(backup, url=empty_database, storage=storage)
        assert (storage / "ab/cd").read_bytes() == b"\x00bytes of a file"
        assert Member.objects.get().phone == "12000000001"
        assert (manifest["tables"]["members_member"]["rows"], OutboxHold.objects.count()) == (1, 1)
        assert deliver_due() == 0
        assert Message.objects.get().state == MessageState.WAITING
        assert outbox_unlock()
        assert deliver_due() == 1


def test_nothing_is_restored_over_rows_or_files(backup, empty_database, tmp_path):
    with pytest.raises(BackupError, match="database is not empty"):
        backup_restore(backup, url=os.environ["DATABASE_OWNER_URL"], storage=tmp_path / "restored")
    with databases.default_connection(empty_database), pytest.raises(BackupError, match="files is not empty"):
        backup_restore(backup, url=empty_database, storage=tmp_path / "files")
    assert (Member.objects.count(), OutboxHold.objects.count()) == (1, 0)
    assert not Path(tmp_path / "restored").exists()
