"""Files in the private storage: stored, scanned and deleted."""

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

INFECTED = _("A virus was found in this file, so it was not accepted. Please check your computer or phone.")
_PATHS = re.compile(r"[\\/:*?\"<>|]+")


def file_name(name: str) -> str:
    """Return the name of an uploaded file as one safe line of at most 100 characters.

    The suffix is kept.
    """
    name = clean_line(_PATHS.sub(" ", (name or "").replace("\x00", ""))).lstrip(". ") or "file"
    name = name.encode("utf-8", "replace").decode()
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: 99 - len(ending)]}.{ending}"
    return name[:100]


def file_store(*, actor: Member, name: str, chunks: Iterable[bytes], kind: str, content_type: str) -> StoredFile:
    """Write ``chunks`` to the private storage and return the row of the file.

    A file in which the scanner finds a virus is refused with DomainError; a file about which it did not answer is held.
    Files written by the portal itself are not scanned. If the transaction is rolled back, the content stays until the
    sweep deletes it; the row does not stay.
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
    """Return whether the scanner passed the content of ``key``; False if it does not answer.

    Raises DomainError if there is a virus.
    """
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
    """Delete the content of ``stored`` after the commit; the row stays as a record."""
    if stored.deleted_at is None:
        stored.deleted_at = timezone.now()
        stored.save(update_fields=["deleted_at"])
        transaction.on_commit(lambda: storage.remove(stored.key))
