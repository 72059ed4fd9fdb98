"""Files in the private storage: taken in, looked through and emptied."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.core.text import clean_line
from portal.exchange import scanning, storage
from portal.exchange.choices import FileKind
from portal.exchange.models import StoredFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.members.models import Member

logger = logging.getLogger(__name__)

INFECTED = _("A virus was found in this file. It was not taken in; please check your computer or phone.")
_PATHS = re.compile(r"[\\/:*?\"<>|]+")


def file_name(name: str) -> str:
    """Return what a person called a file as one harmless line of at most 100 characters, its ending kept."""
    name = clean_line(_PATHS.sub(" ", (name or "").replace("\x00", ""))).lstrip(". ") or "file"
    name = name.encode("utf-8", "replace").decode()
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: 99 - len(ending)]}.{ending}"
    return name[:100]


def file_store(*, actor: Member, name: str, chunks: Iterable[bytes], kind: str, content_type: str) -> StoredFile:
    """Write ``chunks`` to the private storage and return its row.

    A file in which the scanner finds a virus is refused with a DomainError; one it did not answer about is held. What
    the portal wrote itself is not looked through. Of a transaction that is rolled back the content stays behind until
    the sweep; the row does not.
    """
    written = storage.put(chunks)
    try:
        passed = kind == FileKind.EXPORT or _passes(written.key)
        return StoredFile.objects.create(
            key=written.key,
            name=file_name(name),
            kind=kind,
            content_type=content_type,
            size=written.size,
            sha256=written.sha256,
            uploaded_by=actor,
            held_since=None if passed else timezone.now(),
        )
    except BaseException:
        storage.remove(written.key)
        raise


def _passes(key: str) -> bool:
    """Say whether the scanner passed the content of ``key``; no when it does not answer. DomainError at a virus."""
    if not scanning.is_on():
        return True
    try:
        virus = scanning.virus_in(storage.path_of(key))
    except scanning.ScannerDown as error:
        logger.error("virus scanner: %s", error)
        return False
    if virus:
        logger.warning("virus scanner: refused %s", virus)
        raise DomainError(INFECTED, code="infected")
    return True


def file_empty(*, stored: StoredFile) -> None:
    """Delete the content of ``stored`` once the transaction holds; the row stays as a trace."""
    if stored.deleted_at is None:
        stored.deleted_at = timezone.now()
        stored.save(update_fields=["deleted_at"])
        transaction.on_commit(lambda: storage.remove(stored.key))
