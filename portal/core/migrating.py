"""Bounds for existing columns: a migration adds a column's CHECK to a table that already has rows.

Each package has three migrations, each in a transaction of its own. The first adds the checks as NOT VALID: from then
on no new row breaks one, and the table is locked only for a moment. The second lists and repairs the existing rows. The
third validates, which reads the table and blocks nobody. Repairing before adding would leave a gap in which the old
code writes another invalid row, and the validation would fail on every later attempt.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction
from django.db.migrations.operations import AlterField, RunPython

from portal.core.fields import BoundedColumn, DayField

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState
    from django.db.models import Field, Model

    Column = Field[Any, Any]
    # Key: the values of a primary key as text. Side: below or above the bounds, and the value's place in the order.
    Key = tuple[str, ...]
    Side = tuple[int, float]

logger = logging.getLogger(__name__)

UNIT = {True: timedelta(days=1), False: timedelta(minutes=1)}


def check_name(model: type[Model], field: Field[Any, Any]) -> str:
    """Return the name that PostgreSQL gives a column's check when the table is created with it."""
    return f"{model._meta.db_table}_{field.column}_check"[:63]


class BoundColumn(AlterField):
    """Adds a check on the values of an existing column, as NOT VALID."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        field = model._meta.get_field(self.name)
        check = field.db_check(schema_editor.connection)
        if check is None:
            return
        quote = schema_editor.quote_name
        table, name = quote(model._meta.db_table), quote(check_name(model, field))
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        schema_editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check}) NOT VALID")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        # ``to_state`` is the earlier state: if the column had a check of its own there, that check is restored.
        model = from_state.apps.get_model(app_label, self.model_name)
        quote = schema_editor.quote_name
        table = quote(model._meta.db_table)
        name = quote(check_name(model, model._meta.get_field(self.name)))
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        before = to_state.apps.get_model(app_label, self.model_name)._meta.get_field(self.name)
        check = before.db_check(schema_editor.connection)
        if check is not None:
            schema_editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})")

    def describe(self) -> str:
        return f"Add a check to field {self.name} on {self.model_name}"


def repaired(label: str) -> RunPython:
    """Return the operation that repairs values outside the bounds in the tables of the app ``label``."""

    def run(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for model in apps.get_app_config(label).get_models():
            repair(model, schema_editor.connection)

    return RunPython(run, RunPython.noop)


def validated(label: str) -> RunPython:
    """Return the operation that validates the checks of the tables of the app ``label``."""

    def run(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for model in apps.get_app_config(label).get_models():
            for field in checked_fields(model, schema_editor.connection):
                validate(model, field, schema_editor)

    return RunPython(run, RunPython.noop)


def checked_fields(model: type[Model], connection: BaseDatabaseWrapper) -> list[Column]:
    """Return the fields of ``model`` whose column has a check."""
    if model._meta.proxy or not model._meta.managed:
        return []
    return [field for field in model._meta.local_concrete_fields if field.db_check(connection)]


def validate(model: type[Model], field: Column, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Validate the check of one column.

    If a row could not be repaired, this is logged and the check stays NOT VALID.
    """
    quote = schema_editor.quote_name
    table, name = quote(model._meta.db_table), quote(check_name(model, field))
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
    except DatabaseError as error:
        logger.error("%s.%s: the check is not validated: %s", model._meta.label, field.name, type(error).__name__)


def repair(model: type[Model], connection: BaseDatabaseWrapper) -> dict[Key, list[str]]:
    """Move values outside the bounds to the nearest bound; return {key: names of the fields}.

    Several such values in a row keep their order, a day or a minute apart. If another rule of the table refuses that,
    the values are emptied where they may be empty. Days and moments are moved; other values are emptied, or set to 0
    where they may not be empty. A row that cannot be repaired is logged and left. Names and numbers of rows go to the
    log, values never.
    """
    fields = checked_fields(model, connection)
    found: dict[Key, list[str]] = {}
    for pk, columns in _outside(model, fields, connection):
        names = found[pk] = sorted(field.name for field in columns)
        done = _put(model, pk, _moved(columns), connection) and "moved to the bounds"
        if not done:
            nothing = {field: None for field in columns if field.null}
            done = len(nothing) == len(columns) and _put(model, pk, nothing, connection) and "emptied"
        logger.warning(
            "%s %s: %s %s", model._meta.label, "/".join(pk), ", ".join(names), done or "cannot be repaired and stays"
        )
    return found


def _outside(
    model: type[Model], fields: list[Column], connection: BaseDatabaseWrapper
) -> Iterator[tuple[Key, dict[Column, Side]]]:
    """Yield (pk, {field: (side, order)}) for the rows that break a check of ``fields``."""
    if not fields:
        return
    quote = connection.ops.quote_name
    columns, wheres = [], []
    for field in fields:
        check, column = field.db_check(connection), quote(str(field.column))
        wheres.append(f"NOT ({check})")
        if isinstance(field, BoundedColumn):
            first = field.ends()[0]
            columns.append(
                f"CASE WHEN {column} IS NULL OR {check} THEN NULL WHEN {column} < '{first}' THEN -1 ELSE 1 END,"
                f" extract(epoch FROM {column})::float8"
            )
        else:
            columns.append(f"CASE WHEN {column} IS NULL OR {check} THEN NULL ELSE 1 END, NULL::float8")
    keys = ", ".join(f"{quote(str(field.column))}::text" for field in model._meta.pk_fields)
    with connection.cursor() as cursor:
        # Only column names and their own checks are inserted here, nothing that a person typed.
        cursor.execute(
            f"SELECT ARRAY[{keys}], {', '.join(columns)} FROM {quote(model._meta.db_table)}"  # noqa: S608
            f" WHERE {' OR '.join(wheres)} ORDER BY 1"
        )
        rows = cursor.fetchall()
    for pk, *values in rows:
        pairs = zip(fields, values[::2], values[1::2], strict=True)
        yield tuple(pk), {field: (side, order) for field, side, order in pairs if side is not None}


def _moved(columns: Mapping[Column, Side]) -> dict[Column, object]:
    """Return {field: new value}, which is the bound or as far from it as is needed to keep the order."""
    values: dict[Column, object] = {}
    groups: dict[tuple[int, bool], list[tuple[float, BoundedColumn[Any, Any]]]] = {}
    for field, (side, order) in columns.items():
        if isinstance(field, BoundedColumn):
            groups.setdefault((side, isinstance(field, DayField)), []).append((order, field))
        else:
            values[field] = None if field.null else 0
    for (side, is_day), fields in groups.items():
        ranks = sorted({order for order, _field in fields})
        for order, field in fields:
            place = ranks.index(order)
            first, end = (field.span.first, field.span.last) if is_day else field.span.moments
            if side < 0:
                values[field] = first + place * UNIT[is_day]
            else:
                # The end of a span of moments is the first moment outside it.
                values[field] = end - (len(ranks) - 1 - place + (not is_day)) * UNIT[is_day]
    return values


def _put(model: type[Model], pk: Key, values: Mapping[Column, object], connection: BaseDatabaseWrapper) -> bool:
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in values)
    keys = " AND ".join(f"{quote(str(field.column))} = %s" for field in model._meta.pk_fields)
    given: list[Any] = [value.isoformat() if isinstance(value, date) else value for value in values.values()]
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {keys}",  # noqa: S608
                [*given, *pk],
            )
    except DatabaseError:
        return False
    return True
