"""Files in the private storage: stored, scanned and deleted."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.streams import key_new
from portal.core.text import clean_prose
from portal.exchange import scanning, storage
from portal.exchange.choices import FileKind
from portal.exchange.evidence import MAX_BYTES, evidence_type, picture_copy
from portal.exchange.models import StoredFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import Model

    from portal.members.models import Member

logger = logging.getLogger(__name__)

INFECTED = _("A virus was found in this file, so it was not accepted. Please check your computer or phone.")
_PATHS = re.compile(r"[\\/:*?\"<>|]+")
# Marks that turn the text after them, so that "exe.gpj" reads as "jpg.exe"; clean_prose removes the others.
_TURNING = re.compile("[\u061c\u2066-\u2069]")
# Names of devices: Windows opens none of these as a file, whatever their ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def file_name(name: str) -> str:
    """Return the name of an uploaded file as one safe line of at most 100 characters.

    The suffix is kept, and so are full-width marks; a name that is empty or means something else to a system is
    replaced.
    """
    name = clean_prose(_TURNING.sub("", _PATHS.sub(" ", (name or "").replace("\x00", "")))).strip(". ") or "file"
    name = name.encode("utf-8", "replace").decode()
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = name[:100], "", ""
    stem = stem[: 99 - len(ending)] if dot else stem
    if _DEVICES.fullmatch(stem.partition(".")[0].strip()):
        stem = "file"
    return f"{stem}{dot}{ending}"


def file_store(*, actor: Member, name: str, chunks: Iterable[bytes], kind: str, content_type: str) -> StoredFile:
    """Write ``chunks`` to the private storage and return the row of the file.

    A file in which the scanner finds a virus is refused with DomainError; a file about which it did not answer is held.
    Files written by the portal itself are not scanned. If the transaction is rolled back, the content stays until the
    sweep deletes it; the row does not stay.
    """
    written = storage.put(chunks)
    stored = StoredFile(
        key=written.key,
        name=file_name(name),
        kind=kind,
        content_type=content_type,
        size=written.size,
        sha256=written.sha256,
        uploaded_by=actor,
    )
    try:
        if kind != FileKind.EXPORT and not _passes(stored):
            stored.held_since = timezone.now()
        if stored.virus:
            raise DomainError(INFECTED, code="infected")
        stored.save(force_insert=True)
    except BaseException:
        storage.remove(written.key)
        raise
    return stored


def file_keep(
    *,
    actor: Member | None,
    sealed_for: Model,
    name: str,
    chunks: Iterable[bytes],
    content_type: str,
    kind: str = FileKind.EVIDENCE,
) -> StoredFile:
    """Write ``chunks`` encrypted to the private storage, bound to the row ``sealed_for``; return the row of the file.

    ``actor`` is None for a person who may not be known. The content is scanned from the encrypted file: with a virus in
    it, it is kept and marked, because it is evidence; without an answer of the scanner it is held. A picture that the
    portal made itself is not scanned. The rest is as for ``file_store``.
    """
    (pk,) = reserve_pks(StoredFile)
    label, key = storage.label_of(sealed_for), key_new()
    written = storage.put(chunks, sealing=(key, storage.place_of(pk, label, sealed_for.pk)))
    stored = StoredFile(
        pk=pk,
        key=written.key,
        kind=kind,
        content_type=content_type,
        size=written.size,
        sha256=written.sha256,
        uploaded_by=actor,
        about_model=label,
        about_id=sealed_for.pk,
        content_key=key.hex(),
        sealed_name=file_name(name),
    )
    try:
        if kind == FileKind.EVIDENCE and not _passes(stored):
            stored.held_since = timezone.now()
        stored.save(force_insert=True)
    except BaseException:
        storage.remove(written.key)
        raise
    return stored


@transaction.atomic
def evidence_keep(*, actor: Member | None, sealed_for: Model, upload: UploadedFile[bytes]) -> StoredFile:
    """Store what somebody sends as evidence, byte for byte and encrypted; return the row of the file.

    A picture also gets a copy without metadata (``StoredFile.preview``), unless it cannot be decoded: then the original
    can only be downloaded. Raises DomainError for a kind of file that is not accepted or a file that is too large.
    """
    content_type = evidence_type(upload)
    upload.seek(0)
    content = upload.read(MAX_BYTES + 1)
    copy = picture_copy(content, content_type)
    name = upload.name or ""
    stored = file_keep(actor=actor, sealed_for=sealed_for, name=name, chunks=[content], content_type=content_type)
    if copy is None:
        return stored
    try:
        stored.cleaned = file_keep(
            actor=actor,
            sealed_for=sealed_for,
            name=f"{name.rpartition('.')[0]}.jpg",
            chunks=[copy],
            content_type="image/jpeg",
            kind=FileKind.PICTURE,
        )
        stored.save(update_fields=["cleaned"])
    except BaseException:
        storage.remove(stored.key)
        raise
    return stored


def _passes(stored: StoredFile) -> bool:
    """Return whether the content of ``stored`` need not be held: False if the scanner does not answer.

    The virus that the scanner found is set on the row, which is not saved yet.
    """
    if not scanning.is_on():
        return True
    try:
        with storage.opened(stored) as stream:
            stored.virus = scanning.virus_in(stream)[:100]
    except scanning.ScannerDown as error:
        logger.error("virus scanner: %s", error)
        return False
    stored.scanned_at = timezone.now()
    if stored.virus:
        logger.warning("virus scanner: %s %s", "kept" if stored.is_sealed else "refused", stored.virus)
    return True


def file_empty(*, stored: StoredFile) -> None:
    """Delete the content of ``stored`` after the commit; the row stays as a record.

    Of a sealed file the key is destroyed too, so that copies in backups of the files open no longer, and the name; a
    cleaned copy is deleted with it.
    """
    if stored.deleted_at is not None:
        return
    if stored.cleaned is not None:
        file_empty(stored=stored.cleaned)
    stored.deleted_at = timezone.now()
    touched = ["deleted_at"]
    if stored.is_sealed:
        stored.content_key = stored.sealed_name = None
        touched += ["content_key", "sealed_name"]
    stored.save(update_fields=touched)
    transaction.on_commit(lambda: storage.remove(stored.key))
