"""The target of a restore: empty, or half filled by an interrupted attempt, which the next one clears.

A restore marks its target before it writes: a schema in the database and a file among the private files, both with the
same token. Everything beside the two marks was written by that restore. A target without them is in use, and is left
alone.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, transaction

from portal.core.folders import modes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from django.db.backends.utils import CursorWrapper

UNDER_WAY, UNDER_WAY_FILE = "portal_restore", ".restore-under-way"
RESTORE_LOCK = 7_240_611_190


class BackupError(Exception):
    """A backup cannot be made or restored, or is not what it claims to be; the text says what to do."""


def is_under_way() -> bool:
    """Return whether a restore into this database was begun and has not ended; any role may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [UNDER_WAY])
        return bool(cursor.fetchone()[0])


@contextmanager
def alone() -> Iterator[None]:
    """Run the block while no other restore into this database runs; BackupError if one does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RESTORE_LOCK])
        if not cursor.fetchone()[0]:
            raise BackupError("Another restore into this database is running.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [RESTORE_LOCK])


def take_place(storage: Path, *, backup: str, names: Sequence[str]) -> bool:
    """Mark database and folder as being restored; return whether an earlier attempt was complete.

    What an interrupted attempt left is cleared. ``backup`` distinguishes the backup from others, ``names`` are its
    files. Raises BackupError, and writes nothing, if the target holds anything else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        tables = cursor.fetchone()[0]
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{UNDER_WAY}.state"])
        before = None
        if cursor.fetchone()[0]:
            cursor.execute(f"SELECT token, backup, complete FROM {UNDER_WAY}.state")  # noqa: S608
            before = cursor.fetchone()
    if tables and before is None:
        raise BackupError("The database is not empty: make a new one and restore into that.")
    brought = _brought(storage, before[0] if before else None)
    if before and before[2]:
        if before[1] != backup:
            raise BackupError("The restore of another backup ended here: make a new database and restore into that.")
        return True
    there = _files_of(storage)
    foreign = sorted(there - brought)
    if foreign or (before is None and storage.exists() and any(storage.iterdir())):
        named = f" The attempt before did not bring {foreign[0]}." if before and foreign else ""
        raise BackupError(f"The folder of the private files is not empty: a restore never writes over files.{named}")
    # A repeated attempt keeps the token, so that files and rows of the first attempt can be recognised until they are
    # deleted.
    token = before[0] if before else secrets.token_hex(16)
    with transaction.atomic(), connection.cursor() as cursor:
        if before:
            _clear_database(cursor)
        cursor.execute(f"DROP SCHEMA IF EXISTS {UNDER_WAY} CASCADE")
        cursor.execute(f"CREATE SCHEMA {UNDER_WAY}")
        cursor.execute(f"CREATE TABLE {UNDER_WAY}.state (token text, backup text, complete boolean)")
        cursor.execute(f"INSERT INTO {UNDER_WAY}.state VALUES (%s, %s, false)", [token, backup])  # noqa: S608
    storage.mkdir(parents=True, exist_ok=True, mode=modes(storage)[1])
    for name in there - {UNDER_WAY_FILE}:
        (storage / name).unlink()
    for path in sorted(storage.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
    _mark_files(storage, token, names)
    return False


def give_place(storage: Path) -> None:
    """Remove the marks: the restore is complete."""
    (storage / UNDER_WAY_FILE).unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {UNDER_WAY} CASCADE")


def note_complete() -> None:
    """Record that everything was written and compared, so that only the marks remain to be removed."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {UNDER_WAY}.state SET complete = true")  # noqa: S608


def _mark_files(storage: Path, token: str, names: Sequence[str]) -> None:
    """Write, atomically, the names that a restore is about to write into the folder."""
    part = storage / f"{UNDER_WAY_FILE}.part"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"token": token, "names": names}, file)
        file.flush()
        os.fsync(file.fileno())
    part.rename(storage / UNDER_WAY_FILE)


def _brought(storage: Path, token: str | None) -> set[str]:
    """Return the names that the attempt of ``token`` may have written to the folder, its mark included."""
    marks = {UNDER_WAY_FILE, f"{UNDER_WAY_FILE}.part"} if token else set()
    try:
        mark = json.loads((storage / UNDER_WAY_FILE).read_text(encoding="utf-8"))
        token_there, names = mark["token"], set(mark["names"])
    except (OSError, ValueError, KeyError, TypeError):
        return marks
    return marks | names if token_there == token else set()


def _files_of(storage: Path) -> set[str]:
    return {path.relative_to(storage).as_posix() for path in storage.rglob("*") if path.is_symlink() or path.is_file()}


def _clear_database(cursor: CursorWrapper) -> None:
    """Drop what a restore has written into the schema ``public``.

    Extensions and default privileges stay.
    """
    cursor.execute(
        # Sequences come after the tables whose columns own them.
        "SELECT format('DROP %s IF EXISTS public.%I CASCADE', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN"
        " 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, relname) FROM pg_class WHERE relnamespace ="
        " 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY relkind = 'S'"
    )
    statements = cursor.fetchall()
    cursor.execute(
        "SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p WHERE p.pronamespace ="
        " 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass"
        " AND d.objid = p.oid AND d.deptype = 'e')"
    )
    statements += cursor.fetchall()
    for (statement,) in statements:
        cursor.execute(statement)
