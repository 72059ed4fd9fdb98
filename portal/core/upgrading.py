"""What a migration does to code of the previous release, which serves on the new tables in an upgrade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import operations as ops
from django.db.models import NOT_PROVIDED

if TYPE_CHECKING:
    from collections.abc import Set

    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation

BREAKS = (ops.RemoveField, ops.RenameField, ops.DeleteModel, ops.RenameModel, ops.AlterModelTable)


def faults_of(migration: Migration) -> list[str]:
    """Return what old code or readers cannot cope with, as sentences; [] if the migration says so itself.

    ``old_code_stops`` on the migration class is the reason why the web server must be stopped meanwhile; the person who
    upgrades is told.

    Old code writes no value into a column that it does not know, so a new column is nullable or has a ``db_default``.
    What old code reads stays for one release. An index on an existing table is built concurrently, because otherwise it
    blocks writers.
    """
    if getattr(migration, "old_code_stops", ""):
        return []
    made = {op.name.lower() for op in migration.operations if isinstance(op, ops.CreateModel)}
    found = []
    for operation in migration.operations:
        found += _faults(operation, made)
    return [f"{migration.app_label}.{migration.name}: {fault}" for fault in found]


def _faults(operation: Operation, made: Set[str]) -> list[str]:
    model = getattr(operation, "model_name", getattr(operation, "name", "")).lower()
    if isinstance(operation, ops.SeparateDatabaseAndState):
        return [fault for inner in operation.database_operations for fault in _faults(inner, made)]
    if model in made:
        return []
    if isinstance(operation, BREAKS):
        return [f"{operation.describe()}: the release before still uses it"]
    if isinstance(operation, ops.AddField):
        field = operation.field
        known = field.null or field.many_to_many or field.db_default is not NOT_PROVIDED
        return [] if known else [f"{operation.describe()}: NOT NULL without db_default"]
    if isinstance(operation, ops.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        return [f"{operation.describe()}: use AddIndexConcurrently"]
    return []
