"""What a migration does to code of the release before, which serves on the new tables while an upgrade is under way."""

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
    """Return what old code or readers cannot stand, a sentence each; [] when the migration says so itself.

    ``old_code_stops`` on the class is a reason why the web server must stand still meanwhile; who upgrades is told.

    Old code writes no value into a column it does not know, so a new one is nullable or has a ``db_default``. What it
    reads stays for one release. An index on a table that is there is built concurrently, or it locks writers out.
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
