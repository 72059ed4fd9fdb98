"""The archive of the write-ahead log, base copies and private files.

An item is stored whole or not at all, is encrypted, and never replaces one of another cluster.
"""

import io
import os
import re
import shlex
import subprocess
import sys
import tarfile
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from deploy import archive
from deploy.archive import ArchiveError
from portal.core import sealing
from tests.databases import ROOT

PRIVATE, PUBLIC = sealing.key_pair()
OPENING, CLOSING = sealing.identities(PRIVATE), sealing.recipients(PUBLIC)
NAME = "0000000100000000000000%02X"
CANARY = "金丝雀之名".encode()


@pytest.fixture
def folder(tmp_path):
    before = os.umask(0o077)  # as the program sets it
    yield tmp_path / "archive"
    os.umask(before)


@pytest.fixture
def keys(tmp_path):
    """The files with the public and the private key."""
    (tmp_path / "backup.pub").write_text(PUBLIC)
    (tmp_path / "private.key").write_text(f"# public key: {PUBLIC}\n{PRIVATE}\n")
    return tmp_path / "backup.pub", tmp_path / "private.key"


def segment(tmp_path, number=1, content=CANARY + bytes(300_000)):
    path = tmp_path / (NAME % number)
    path.write_bytes(content)
    return path


def test_a_segment_comes_back_as_it_was(tmp_path, folder):
    path = segment(tmp_path)
    assert archive.wal_store(path, folder, CLOSING)
    assert archive.wal_fetch(path.name, tmp_path / "back", folder, OPENING)
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
    (stored,) = (folder / "wal").iterdir()
    assert (CANARY in stored.read_bytes(), stored.stat().st_mode & 0o777) == (False, 0o600)
    assert stored.stat().st_size < 5000


def test_the_same_segment_again_is_well_and_another_of_its_name_is_refused(tmp_path, folder):
    path = segment(tmp_path)
    assert [archive.wal_store(path, folder, CLOSING) for _ in range(2)] == [True, False]
    before = [(file.name, file.read_bytes()) for file in (folder / "wal").iterdir()]
    path.write_bytes(b"another cluster")
    with pytest.raises(ArchiveError, match="another content"):
        archive.wal_store(path, folder, CLOSING)
    assert [(file.name, file.read_bytes()) for file in (folder / "wal").iterdir()] == before


def test_what_broke_off_is_no_segment(tmp_path, folder, monkeypatch):
    path = segment(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(archive.zlib, "compressobj", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            archive.wal_store(path, folder, CLOSING)
    assert not archive.wal_fetch(path.name, tmp_path / "back", folder, OPENING)
    assert archive.wal_store(path, folder, CLOSING)


def fetch(name, tmp_path, folder, key):
    return archive.main(["fetch", "--from", str(folder), "--key", str(key), name, str(tmp_path / "back")])


def test_postgresql_is_told_the_end_from_what_is_broken(tmp_path, folder, keys, capsys):
    """PostgreSQL can tell the end of the archive from a broken segment.

    Exit status 1 means "no more segments"; above 125, PostgreSQL stops instead of opening without the rest.
    """
    path = segment(tmp_path)
    archive.wal_store(path, folder, CLOSING)
    other = tmp_path / "other.key"
    other.write_text(sealing.key_pair()[0])
    assert fetch(path.name, tmp_path, folder, keys[1]) == 0
    assert fetch(NAME % 2, tmp_path, folder, keys[1]) == 1
    assert fetch(path.name, tmp_path, folder, other) == 200
    assert fetch(path.name, tmp_path, folder, tmp_path / "nothing") == 200
    (stored,) = (folder / "wal").iterdir()
    whole = stored.read_bytes()
    for changed in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), b""):
        stored.write_bytes(changed)
        assert fetch(path.name, tmp_path, folder, keys[1]) == 200
    stored.write_bytes(whole)
    # A segment of another cluster under this name, correctly encrypted.
    stored.unlink()
    sealing.seal([zlib.compress(b"other", wbits=31)], stored, CLOSING)
    assert fetch(path.name, tmp_path, folder, keys[1]) == 200
    assert PRIVATE not in "".join(capsys.readouterr())


def copy(folder, ended, first, members=()):
    """Create a copy of a cluster in the archive from ``members``: (name, content) or TarInfo."""
    (folder / "base").mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            tar.addfile(info, io.BytesIO(member[1]))
    path = folder / "base" / f"{ended:{archive.STAMP}}-{first}.tar.gz.age"
    sealing.seal([out.getvalue()], path, CLOSING)
    return path


def test_what_no_copy_needs_is_removed(tmp_path, folder):
    for number in range(1, 10):
        archive.wal_store(segment(tmp_path, number, bytes([number])), folder, CLOSING)
    for extra in (f"{NAME % 2}.00000028.backup", f"{NAME % 6}.00000028.backup", "00000002.history"):
        (tmp_path / extra).write_bytes(b"x")
        archive.wal_store(tmp_path / extra, folder, CLOSING)
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for day, first in enumerate((2, 4, 6, 8)):
        copy(folder, start + timedelta(days=day), NAME % first)
    assert archive.prune(folder, 2) == (2, 6)
    left = sorted(path.name.split("-")[0] for path in (folder / "wal").iterdir())
    kept = [*(NAME % number for number in (6, 7, 8, 9)), f"{NAME % 6}.00000028.backup", "00000002.history"]
    assert left == sorted(kept)
    assert [first for _ended, first, _path in archive.bases(folder)] == [NAME % 6, NAME % 8]


def test_without_a_copy_no_segment_is_removed(tmp_path, folder):
    archive.wal_store(segment(tmp_path), folder, CLOSING)
    assert archive.prune(folder, 8) == (0, 0)


def test_the_newest_copy_before_the_moment_is_laid_out(tmp_path, folder, keys):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for day in range(3):
        copy(folder, start + timedelta(days=day), NAME % day, [("PG_VERSION", str(day).encode()), ("base/1/2", b"x")])
    until = start + timedelta(days=1, hours=3)
    data = tmp_path / "data's"
    path = archive.recover(folder, data, OPENING, key_file=keys[1], until=until)
    assert ((data / "PG_VERSION").read_text(), path.name[:8]) == ("1", "20261102")
    assert (data / "recovery.signal").exists()
    conf = (data / "postgresql.auto.conf").read_text()
    assert "recovery_target_time = '2026-11-02 03:00:00+00:00'" in conf
    assert re.search(r"restore_command = 'env PYTHONPATH=.* %f %p'\n", conf)
    assert {file.stat().st_mode & 0o077 for file in data.rglob("*")} == {0}
    with pytest.raises(ArchiveError, match="not empty"):
        archive.recover(folder, data, OPENING, key_file=keys[1])
    with pytest.raises(ArchiveError, match="no copy that ended before"):
        archive.recover(folder, tmp_path / "none", OPENING, key_file=keys[1], until=start - timedelta(days=1))
    assert not (tmp_path / "none").exists()


def test_a_copy_writes_nothing_outside_its_folder(tmp_path, folder, keys):
    link = tarfile.TarInfo("pg_tblspc/1")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc"
    for number, member in enumerate([("../out", b"x"), ("/tmp/out-of-archive", b"x"), link]):
        copy(folder, datetime(2026, 11, 1 + number, tzinfo=UTC), NAME % 1, [member])
        with pytest.raises(ArchiveError, match="neither file nor folder"):
            archive.recover(folder, tmp_path / f"data{number}", OPENING, key_file=keys[1])
    assert not (tmp_path / "out").exists()


def put(storage, name, content, age=60):
    path = storage / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def store(storage, folder, keep_days=8):
    return archive.files_store(storage, folder, CLOSING, keep_days=keep_days)


def test_private_files_go_into_their_archive_once(tmp_path, folder):
    storage = tmp_path / "storage"
    put(storage, "ab1", CANARY)
    put(storage, "cd2", b"")
    fresh = put(storage, "ef3", b"half", age=0)
    assert [store(storage, folder) for _ in range(2)] == [2, 0]
    # A file that was written a moment ago is stored once it has stopped changing, and again if it changes later.
    fresh.write_bytes(b"half and the other half")
    os.utime(fresh, (time.time() - 30,) * 2)
    assert [store(storage, folder) for _ in range(2)] == [1, 0]
    fresh.write_bytes(b"more")
    os.utime(fresh, (time.time() - 20,) * 2)
    assert store(storage, folder) == 1
    assert not any(CANARY in path.read_bytes() for path in folder.rglob("*.age"))
    assert archive.files_recover(folder, tmp_path / "back", OPENING) == 3
    assert {path.name: path.read_bytes() for path in (tmp_path / "back").rglob("*") if path.is_file()} == {
        "ab1": CANARY,
        "cd2": b"",
        "ef3": b"more",
    }
    with pytest.raises(ArchiveError, match="not empty"):
        archive.files_recover(folder, tmp_path / "back", OPENING)


def test_a_deleted_file_comes_back_for_an_earlier_moment_alone_and_then_goes(tmp_path, folder):
    storage, earlier = tmp_path / "storage", datetime.now(UTC) - timedelta(minutes=1)
    put(storage, "ab1", b"one")
    put(storage, "cd2", b"two")
    store(storage, folder)
    (storage / "ab/ab1").unlink()
    store(storage, folder)
    assert archive.files_recover(folder, tmp_path / "now", OPENING) == 1
    assert archive.files_recover(folder, tmp_path / "then", OPENING, until=earlier) == 2
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert archive.files_recover(folder, tmp_path / "later", OPENING, until=later) == 1
    store(storage, folder, keep_days=-1)
    assert [path.name for path in folder.rglob("*.age*")] == ["cd2.age"]


def commands():
    """Return every archive command in the shipped configuration, by file, as a list of arguments."""
    found = {}
    for path in (ROOT / "deploy").glob("*/*"):
        if path.suffix in (".conf", ".service"):
            for line in re.findall(r"-m deploy\.archive ([^'\n]*)", path.read_text(encoding="utf-8")):
                found[path.name] = shlex.split(line)
    return found


def test_configuration_and_program_agree():
    asked = {name: archive._parser().parse_args(arguments) for name, arguments in commands().items()}
    assert {name: one.action for name, one in asked.items()} == {
        "portal-archive.conf": "wal",
        "portal-base.service": "base",
        "portal-files.service": "files",
    }
    assert str(asked["portal-archive.conf"].to) == str(asked["portal-base.service"].to)
    conf = (ROOT / "deploy/postgresql/portal-archive.conf").read_text(encoding="utf-8")
    assert int(re.search(r"^archive_timeout = (\d+)$", conf, re.MULTILINE)[1]) <= 50
    timer = (ROOT / "deploy/systemd/portal-files.timer").read_text(encoding="utf-8")
    assert int(re.search(r"^OnUnitActiveSec=(\d+)s$", timer, re.MULTILINE)[1]) + archive.SETTLED_SECONDS <= 55


def test_the_program_needs_no_setting_of_the_portal(tmp_path, folder, keys):
    path = segment(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "deploy.archive", "wal", "--to", folder, "--public-key", keys[0], path],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr, len(list((folder / "wal").iterdir()))) == (0, "", 1)
