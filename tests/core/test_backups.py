"""A backup names what it holds, is restored only into emptiness, and the copy sends nothing (property 19, small)."""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings
from psycopg2 import sql

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
from portal.core.sealing import key_pair
from portal.members.models import Member
from portal.messaging.choices import Channel, MessageState
from portal.messaging.models import Message, OutboxHold
from portal.messaging.services import deliver_due, outbox_unlock
from tests import databases
from tests.factories.members import make_member

PRIVATE, PUBLIC = key_pair()


@pytest.fixture
def backup(fresh_database, tmp_path):
    """A backup of a database with one person, a message to her and one file; the folder of it."""
    person = make_member(phone="12000000001")
    Message.objects.create(recipient=person, kind="a.b", channel=Channel.SMS)
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
    """The owner's address of a database without tables."""
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
