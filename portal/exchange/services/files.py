"""Files in the private storage: taken in and emptied."""

import re

from django.db import transaction
from django.utils import timezone

from portal.core.text import clean_line
from portal.exchange import storage
from portal.exchange.models import StoredFile

_PATHS = re.compile(r"[\\/:*?\"<>|]+")


def file_name(name: str) -> str:
    """Return what a person called a file as one harmless line of at most 100 characters, its ending kept."""
    name = clean_line(_PATHS.sub(" ", (name or "").replace("\x00", ""))).lstrip(". ") or "file"
    name = name.encode("utf-8", "replace").decode()
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: 99 - len(ending)]}.{ending}"
    return name[:100]


def file_store(*, actor, name: str, chunks, kind: str, content_type: str) -> StoredFile:
    """Write ``chunks`` to the private storage and return its row.

    Of a transaction that is rolled back the content stays behind until the sweep; the row does not.
    """
    written = storage.put(chunks)
    try:
        return StoredFile.objects.create(
            key=written.key,
            name=file_name(name),
            kind=kind,
            content_type=content_type,
            size=written.size,
            sha256=written.sha256,
            uploaded_by=actor,
        )
    except BaseException:
        storage.remove(written.key)
        raise


def file_empty(*, stored: StoredFile) -> None:
    """Delete the content of ``stored`` once the transaction holds; the row stays as a trace."""
    if stored.deleted_at is None:
        stored.deleted_at = timezone.now()
        stored.save(update_fields=["deleted_at"])
        transaction.on_commit(lambda: storage.remove(stored.key))
