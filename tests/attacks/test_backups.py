"""A person who finds a backup can read nothing in it.

A person who restores a backup gets what was backed up, or nothing.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
from datetime import date
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image
from psycopg2 import sql

from portal.core import backups, sealing
from portal.core.backups import (
    CONTENTS,
    DUMP,
    MANIFEST,
    SEALED,
    STORAGE,
    BackupError,
    backup_check,
    backup_make,
    backup_open,
    backup_restore,
)
from portal.core.sealing import SealingError, key_pair
from portal.members.choices import IdentityKind
from portal.members.models import Member
from tests import databases
from tests.factories.members import identity_number, make_member
from tests.factories.organizations import make_organization

PRIVATE, PUBLIC = key_pair()
OTHER_PRIVATE, OTHER_PUBLIC = key_pair()
NAME = "金丝雀之名"
NUMBER = identity_number(66, born="19931117")
PHONE = "12000000666"
LETTER = f"roster of {NAME}, {NUMBER}, {PHONE}".encode()


def photo():
    out = io.BytesIO()
    Image.effect_noise((120, 90), 80).save(out, "JPEG")
    return out.getvalue()


PHOTO = photo()
CANARIES = {NAME.encode(), NUMBER.encode(), PHONE.encode(), PHOTO[:64], LETTER, b"JFIF", b"members_member"}


@pytest.fixture
def files(fresh_database, tmp_path):
    """A person with number and name, a photograph, and a list of them in the private storage."""
    make_member(
        make_organization(name="示例金丝雀厂"),
        name=NAME,
        phone=PHONE,
        identity_kind=IdentityKind.RESIDENT,
        identity_number=NUMBER,
        birth_date=date(1993, 11, 17),
    )
    storage = tmp_path / "files"
    for name, content in (("ab/photo", PHOTO), ("cd/list", LETTER), ("ef/empty", b""), ("gh/long", b"x" * 200_000)):
        (storage / name).parent.mkdir(parents=True)
        (storage / name).write_bytes(content)
    return storage


def make(files, folder, public_keys=PUBLIC):
    backup_make(folder, url=os.environ["DATABASE_OWNER_URL"], storage=files, public_keys=public_keys)
    return folder


@pytest.fixture
def backup(files, tmp_path):
    return make(files, tmp_path / "backup")


@pytest.fixture
def place(servers_env, tmp_path):
    """The target of a restore.

    It is the address of an empty database, and a folder that does not exist yet.
    """
    name = databases.clone_name()
    with databases._owner(servers_env) as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template1").format(sql.Identifier(name)))
    url = databases.url_for(servers_env["DATABASE_OWNER_URL"], name)
    with databases.default_connection(url):
        yield url, tmp_path / "restored"
    databases.drop(servers_env, name)


def found_in(folder):
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    return {canary for canary in CANARIES if canary in content}


def is_untouched(place):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return (cursor.fetchone()[0], place[1].exists()) == (0, False)


def restored(backup, place, key=PRIVATE):
    return backup_restore(backup, url=place[0], storage=place[1], private_keys=key)


def test_a_backup_shows_no_number_name_or_photograph(backup):
    assert found_in(backup) == set()


def test_one_that_is_not_encrypted_shows_them(files, tmp_path, monkeypatch):
    """The planted failure: encryption that does nothing, and a dump that is not compressed."""

    def open_seal(pieces, path, keys):
        source = sealing.Source(pieces)
        path.write_bytes(b"".join(iter(lambda: source.read(1 << 16), b"")))
        return source.digest

    monkeypatch.setattr(sealing, "seal", open_seal)
    found = found_in(make(files, tmp_path / "open"))
    # The number and phone are encrypted in the database, so they are searched for in the file of the list.
    assert found == CANARIES


def test_with_the_private_key_it_comes_back(backup, place):
    contents = restored(backup, place)
    person = Member.objects.get()
    assert (person.name, person.identity_number, person.phone) == (NAME, NUMBER, PHONE)
    paths = [path for path in place[1].rglob("*") if path.is_file()]
    assert {path.relative_to(place[1]).as_posix(): path.read_bytes() for path in paths} == {
        "ab/photo": PHOTO,
        "cd/list": LETTER,
        "ef/empty": b"",
        "gh/long": b"x" * 200_000,
    }
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert contents["tables"]["members_member"]["rows"] == 1


def test_each_of_two_public_keys_opens_it(files, tmp_path):
    folder = make(files, tmp_path / "two", f"{PUBLIC}, {OTHER_PUBLIC}")
    for key in (PRIVATE, OTHER_PRIVATE, f"# made yesterday\n\n{OTHER_PRIVATE}\n"):
        assert len(backup_open(folder, private_keys=key)["files"]) == 4


# Each process generates its own keys; the names use numbers, so that all processes of a run collect the same tests.
@pytest.mark.parametrize("public_keys", ["", "  ", "age1nothing", "AGE-SECRET-KEY-1", PRIVATE], ids=range(5))
def test_without_a_public_key_nothing_is_written(files, tmp_path, public_keys):
    with pytest.raises(BackupError, match="never written in clear") as refusal:
        make(files, tmp_path / "none", public_keys)
    assert "AGE-SECRET" not in str(refusal.value)
    assert [path.name for path in tmp_path.iterdir()] == ["files"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (OTHER_PRIVATE, "does not open the backup"),
        ("", "no private"),
        (PUBLIC, "no private"),
        ("x", "no private"),
    ],
    ids=range(4),
)
def test_a_wrong_key_is_told_before_anything_is_written(backup, place, key, words):
    with pytest.raises(BackupError, match=words):
        restored(backup, place, key)
    assert is_untouched(place)


def reseal_manifest(folder):
    """Make the manifest match the current parts, as somebody would who changes a backup."""
    manifest = json.loads((folder / MANIFEST).read_text())
    for part in SEALED:
        manifest["parts"][part]["sha256"] = backups._sum(folder / part)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def cut(data):
    return data[:-20]


def cut_to_whole_pieces(data):
    # age works in pieces of 64 kB: a file cut between two pieces looks whole to a reader that does not check for the
    # last piece.
    header = data.index(b"\n--- ") + 5 + 43 + 1 + 16
    return data[: header + (len(data) - header) // 65552 * 65552] if len(data) > 70_000 else data[:header]


def flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def flipped_head(data):
    return data[:30] + bytes([data[30] ^ 1]) + data[31:]


def empty(data):
    return b""


CHANGES = [*((part, change) for part in SEALED for change in (cut, flipped))]
CHANGES += [(STORAGE, cut_to_whole_pieces), (CONTENTS, flipped_head), (DUMP, empty), (DUMP, None)]


@pytest.mark.parametrize(("part", "change"), CHANGES)
def test_what_was_changed_or_cut_off_is_refused_before_anything_is_written(backup, place, part, change):
    path = backup / part
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
        with pytest.raises(BackupError, match="not the one the manifest names"):
            backup_check(backup)
        reseal_manifest(backup)
        backup_check(backup)
    with pytest.raises(BackupError):
        restored(backup, place)
    assert is_untouched(place)


@pytest.fixture
def other(backup, files, tmp_path):
    """A later backup of the same portal."""
    (files / "ij").write_bytes(b"later")
    make_member(name="示例后来")
    return make(files, tmp_path / "other")


@pytest.mark.parametrize("part", SEALED)
def test_a_part_of_another_backup_is_refused(backup, other, place, part):
    (backup / part).write_bytes((other / part).read_bytes())
    reseal_manifest(backup)
    with pytest.raises(BackupError, match="not of this backup"):
        restored(backup, place)
    assert is_untouched(place)


def archive_of(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, "/etc/passwd", 1 if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(b"x") if info.size else None)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "member",
    [
        ("../out", tarfile.REGTYPE),
        ("/tmp/out", tarfile.REGTYPE),
        ("a/../../out", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
        ("link", tarfile.LNKTYPE),
        ("pipe", tarfile.FIFOTYPE),
        ("folder", tarfile.DIRTYPE),
    ],
)
def test_an_archive_writes_nothing_outside_its_folder(tmp_path, member):
    storage = tmp_path / "inside"
    storage.mkdir()
    with pytest.raises(BackupError, match="no plain file"):
        backups._unpack(archive_of(member), storage)
    assert [path.name for path in tmp_path.rglob("*")] == ["inside"]


def test_restoring_needs_no_filter_of_tarfile(backup, place, monkeypatch):
    """Restoring does not need the ``filter`` of tarfile.

    Python 3.11.0 to 3.11.3 have no ``filter``: an archive is extracted without ``extractall`` and ``extract``.
    """
    for name in ("extractall", "extract", "data_filter", "tar_filter"):
        monkeypatch.delattr(tarfile.TarFile if name.startswith("ex") else tarfile, name, raising=False)
    restored(backup, place)
    assert (place[1] / "ab/photo").read_bytes() == PHOTO


def test_what_breaks_while_it_is_made_leaves_no_backup(files, tmp_path, monkeypatch):
    original = os.fstat

    def longer(descriptor):
        found = list(original(descriptor))
        found[6] += 5
        return os.stat_result(found)

    monkeypatch.setattr(backups.os, "fstat", longer)
    with pytest.raises(BackupError, match="became shorter"):
        make(files, tmp_path / "short")
    assert not (tmp_path / "short").exists()


def test_the_commands_take_the_private_key_from_a_file_or_a_stream(backup, place, tmp_path, settings, monkeypatch):
    out = io.StringIO()
    key = tmp_path / "key"
    call_command("backup_key", str(key), stdout=out)
    private = key.read_text()
    assert out.getvalue().strip() in private
    assert "AGE-SECRET-KEY" not in out.getvalue()
    with pytest.raises(CommandError, match="never written over"):
        call_command("backup_key", str(key))
    with pytest.raises(CommandError, match="Give the private key"):
        call_command("restore", str(backup))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", str(backup), key=str(tmp_path / "nothing"))
    with pytest.raises(CommandError, match="does not open"):
        call_command("restore", str(backup), key=str(key))
    call_command("restore", str(backup), check=True, stdout=out)
    key.write_text(PRIVATE)
    call_command("restore", str(backup), check=True, key=str(key), stdout=out)
    assert is_untouched(place)
    settings.PRIVATE_STORAGE_DIR = place[1]
    monkeypatch.setattr(sys, "stdin", io.StringIO(PRIVATE))
    call_command("restore", str(backup), key="-", stdout=out)
    assert "4 files: restored and compared" in out.getvalue()
    assert PRIVATE not in out.getvalue()


def test_the_command_refuses_without_a_public_key_and_the_check_warns(fresh_database, tmp_path, settings):
    settings.BACKUP_PUBLIC_KEY = ""
    with pytest.raises(CommandError, match="never written in clear"):
        call_command("backup", str(tmp_path / "backup"))
    assert "core.W002" in {found.id for found in run_checks(include_deployment_checks=True)}
    settings.BACKUP_PUBLIC_KEY = PUBLIC
    assert "core.W002" not in {found.id for found in run_checks(include_deployment_checks=True)}


def test_no_clear_part_lies_in_a_file_meanwhile(files, tmp_path, monkeypatch):
    """No part is stored in clear while a backup is made.

    Everything the folder holds at any moment is encrypted; nothing is in a temporary folder.
    """
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    seen = []
    original = backups.tables_sums

    def looking(cursor):
        seen.extend(path for path in [*tmp_path.rglob("*.part/*"), *scratch.rglob("*")] if path.is_file())
        seen.append(found_in(tmp_path / ".backup.part"))
        return original(cursor)

    monkeypatch.setattr(backups, "tables_sums", looking)
    make(files, tmp_path / "backup")
    assert [path.name for path in seen[:-1]] == [DUMP]
    assert seen[-1] == set()
    assert (CONTENTS, STORAGE) == ("contents.json.age", "storage.tar.age")


def test_a_large_file_passes_in_little_memory(tmp_path):
    """A large file needs little memory.

    Two hundred megabytes are encrypted and decrypted within thirty more than the process had before.
    """
    code = (
        "import resource, sys; from pathlib import Path; from portal.core import sealing\n"
        "private, public = sealing.key_pair(); path = Path(sys.argv[1])\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "before = peak(); piece = bytes(1 << 20)\n"
        "digest = sealing.seal((piece for _ in range(200)), path, sealing.recipients(public))\n"
        "assert digest == sealing.digest_of(path, sealing.identities(private))\n"
        "print(peak() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "large")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 30


def test_a_key_is_no_part_of_a_message():
    for text in ("x", "AGE-SECRET-KEY-1" + "Q" * 58, "age1" + "q" * 58):
        with pytest.raises(SealingError) as refusal:
            sealing.identities(text)
        assert text[4:] not in str(refusal.value) or text == "x"
