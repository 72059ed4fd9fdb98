"""Re-encrypts stored values under the active key while the portal serves."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection, transaction

from portal.core import crypto
from portal.core.fields import EncryptedTextField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import Model

    Progress = Callable[["Column"], object]


@dataclasses.dataclass
class Column:
    """One encrypted column and the result of its rotation.

    ``written`` is the number of values re-encrypted; ``broken`` are the pks of values that could not be decrypted.
    """

    model: type[Model]
    field: EncryptedTextField[str, str]
    written: int = 0
    broken: list[int] = dataclasses.field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"


def columns() -> list[Column]:
    """Return every encrypted column of every model."""
    return [
        Column(model, column)
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.local_concrete_fields
        if isinstance(column, EncryptedTextField)
    ]


def rotate(column: Column, *, batch: int = 200, progress: Progress | None = None) -> Column:
    """Re-encrypt the values of a column that are under another key; return the column with its counts.

    A batch is one transaction. It takes only rows that nobody has locked and never waits, so it hinders no other work;
    the next pass takes the rows that were locked. An interruption loses nothing: the next run takes what is left. A row
    loaded before it was re-encrypted and saved afterwards keeps its old ciphertext, so passes repeat until one finds
    nothing.
    """
    while _pass(column, batch, progress):
        continue
    return column


def _pass(column: Column, batch: int, progress: Progress | None) -> int:
    after, changed = None, 0
    while True:
        with transaction.atomic():
            rows = _stale(column, batch, after)
            changed += _write(column, rows)
        if not rows:
            return changed
        after = rows[-1][0]
        if progress:
            progress(column)


def _stale(column: Column, batch: int, after: int | None) -> list[tuple[int, memoryview]]:
    """Lock and return (pk, ciphertext) of the next values that are not under the active key."""
    table, name, key = _names(column)
    header = crypto.active_header()
    statement = (
        f"SELECT {key}, {name} FROM {table}"  # noqa: S608 - names of our models
        f" WHERE {name} IS NOT NULL AND substring({name} from 1 for %s) <> %s AND (%s IS NULL OR {key} > %s)"
        f" ORDER BY {key} LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [len(header), header, after, after, batch])
        rows: list[tuple[int, memoryview]] = cursor.fetchall()
        return rows


def _write(column: Column, rows: Sequence[tuple[int, memoryview]]) -> int:
    """Re-encrypt the values of ``rows`` in one statement.

    A value that cannot be decrypted is noted and left alone.
    """
    fresh = {pk: sealed for pk, old in rows if (sealed := _anew(column, pk, bytes(old)))}
    if not fresh:
        return 0
    table, name, key = _names(column)
    statement = (
        f"UPDATE {table} SET {name} = v.fresh"  # noqa: S608 - names of our models
        f" FROM unnest(%s::bigint[], %s::bytea[]) AS v(pk, fresh) WHERE {table}.{key} = v.pk"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(fresh), list(fresh.values())])
        count: int = cursor.rowcount
        column.written += count
        return count


def _anew(column: Column, pk: int, sealed: bytes) -> bytes | None:
    """Return the value re-encrypted under the active key and read back once for verification.

    If it cannot be decrypted, this is noted and None is returned.
    """
    associated = column.field.associated_with(pk)
    try:
        text = crypto.decrypt(sealed, associated)
        fresh = crypto.encrypt(text, associated)
        if crypto.decrypt(fresh, associated) != text:
            raise crypto.WrongKey("what was written does not read back")
    except (crypto.WrongKey, UnicodeDecodeError, IndexError):
        if pk not in column.broken:
            column.broken.append(pk)
        return None
    return fresh


def keys_in_use(column: Column) -> dict[str, int]:
    """Return the number of values of a column under each key, by key id."""
    table, name, _key = _names(column)
    mark = f"substring({name} from 2 for get_byte({name}, 0))"
    statement = f"SELECT {mark}, count(*) FROM {table} WHERE {name} IS NOT NULL GROUP BY 1"  # noqa: S608 - our models
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {bytes(mark).decode("ascii", "replace"): count for mark, count in cursor.fetchall()}


def _names(column: Column) -> list[str]:
    meta = column.model._meta
    return [connection.ops.quote_name(str(name)) for name in (meta.db_table, column.field.column, meta.pk.column)]
