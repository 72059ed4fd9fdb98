"""Writing encrypted values anew under the active key while the portal serves."""

from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection

from portal.core import crypto
from portal.core.fields import EncryptedTextField


@dataclass
class Column:
    """One encrypted column and what became of its values: ``written`` anew, ``broken`` are pks that did not open."""

    model: type
    field: EncryptedTextField
    written: int = 0
    broken: list = field(default_factory=list)

    @property
    def name(self):
        return f"{self.model._meta.label}.{self.field.name}"


def columns():
    """Return every encrypted column of every model."""
    return [
        Column(model, column)
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.local_concrete_fields
        if isinstance(column, EncryptedTextField)
    ]


def rotate(column, *, batch=500, progress=None):
    """Write the values of one column that lie under another key anew; return the column with its counts.

    Values are taken by pk in batches, each in a statement of its own, and written only where the old ciphertext still
    lies there: what a person changed meanwhile is not touched. A break in the middle loses nothing; the next run takes
    what is left. Rows loaded before and saved after the pass keep their old ciphertext, so passes repeat until one
    finds nothing.
    """
    found = True
    while found:
        found = _pass(column, batch, progress)
    return column


def _pass(column, batch, progress):
    after, changed = None, 0
    while rows := _stale(column, batch, after):
        after = rows[-1][0]
        for pk, sealed in rows:
            changed += _write(column, pk, bytes(sealed))
        if progress:
            progress(column)
    return changed


def _write(column, pk, sealed):
    associated = column.field.associated_with(pk)
    try:
        text = crypto.decrypt(sealed, associated)
        fresh = crypto.encrypt(text, associated)
        if crypto.decrypt(fresh, associated) != text:
            raise crypto.WrongKey("what was written does not read back")
    except (crypto.WrongKey, UnicodeDecodeError, IndexError):
        if pk not in column.broken:
            column.broken.append(pk)
        return 0
    table, name, key = _names(column)
    statement = f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s"  # noqa: S608 - names of our models
    with connection.cursor() as cursor:
        cursor.execute(statement, [fresh, pk, sealed])
        column.written += cursor.rowcount
        return cursor.rowcount


def _stale(column, batch, after):
    """Return (pk, ciphertext) of the next values that are not under the active key."""
    table, name, key = _names(column)
    header = crypto.active_header()
    statement = (
        f"SELECT {key}, {name} FROM {table}"  # noqa: S608 - names of our models
        f" WHERE {name} IS NOT NULL AND substring({name} from 1 for %s) <> %s AND (%s IS NULL OR {key} > %s)"
        f" ORDER BY {key} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [len(header), header, after, after, batch])
        return cursor.fetchall()


def keys_in_use(column):
    """Return how many values of a column lie under each key id, by id."""
    table, name, _key = _names(column)
    mark = f"substring({name} from 2 for get_byte({name}, 0))"
    statement = f"SELECT {mark}, count(*) FROM {table} WHERE {name} IS NOT NULL GROUP BY 1"  # noqa: S608 - our models
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {bytes(mark).decode("ascii", "replace"): count for mark, count in cursor.fetchall()}


def _names(column):
    meta = column.model._meta
    return [connection.ops.quote_name(name) for name in (meta.db_table, column.field.column, meta.pk.column)]
