"""The one place where rows are locked."""

from __future__ import annotations

import contextlib
import time
import zlib
from typing import TYPE_CHECKING, TypeVar, cast

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.utils import CursorWrapper
    from django.db.models import QuerySet

Row = TypeVar("Row", bound=Model)

GONE = _("This entry no longer exists.")
EDITED = _("Somebody else changed this while you were editing it.")


def hold(instance: Row) -> Row:
    """Lock the row of ``instance`` until the transaction ends and return it as now in the database.

    Lock order: turns by name, organisation, parent, child, then pk. Raises DomainError if the row no longer exists.
    """
    model = cast("type[Row]", instance._meta.model)  # request.user is a lazy wrapper of another type
    held = model._default_manager.select_for_update(of=("self",)).filter(pk=instance.pk).first()
    if held is None:
        raise DomainError(GONE, code="gone")
    return held


def hold_version(instance: Row, version: int) -> Row:
    """Lock a row as ``hold`` does, for an edit that began at ``version``; Conflict if it was edited since.

    The code "edited" makes ``UpdateView`` show both versions.
    """
    held = hold(instance)
    check_version(held, version)
    return held


def check_version(held: Model, version: int) -> None:
    """Raise Conflict if the locked row is no longer at ``version``."""
    if held.version != version:  # type: ignore[attr-defined]  # a model whose rows are edited has it
        raise Conflict(EDITED, code="edited")


def hold_without_key(instance: Row) -> Row:
    """Lock a row as ``hold`` does, but let others write rows that refer to it meanwhile.

    For a row to which many rows refer (a person), if the step then locks rows that others hold while they write such
    rows: otherwise each would wait for the other.
    """
    model = cast("type[Row]", instance._meta.model)
    held = model._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=instance.pk).first()
    if held is None:
        raise DomainError(GONE, code="gone")
    return held


def hold_all(queryset: QuerySet[Row]) -> list[Row]:
    """Lock the rows of ``queryset`` in pk order and return them as a list."""
    return list(queryset.order_by("pk").select_for_update(of=("self",)))


def wait_turn(name: str) -> None:
    """Wait until this transaction is the only one at the work called ``name``.

    Call it before any row is locked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])


def take_turn(name: str) -> bool:
    """Return whether this transaction is now the only one at the work called ``name``, without waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
        return bool(cursor.fetchone()[0])


@contextlib.contextmanager
def one_at_a_time(name: str, *, wait: float) -> Iterator[bool]:
    """Hold the turn at ``name`` across transactions; yields False if another holds it.

    It waits at most ``wait`` seconds. The turn belongs to the database session: it ends with the block, or with the
    connection of a process that was killed.
    """
    key = zlib.crc32(name.encode())
    until = time.monotonic() + wait
    with connection.cursor() as cursor:
        while not (held := _try(cursor, key)) and time.monotonic() < until:
            time.sleep(0.2)
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _try(cursor: CursorWrapper, key: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
    return bool(cursor.fetchone()[0])
