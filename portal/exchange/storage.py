"""The private storage: files under random names in a folder that no web server serves.

A sealed file (``StoredFile.is_sealed``) is encrypted on the disk and bound to its number and to the row that it belongs
to. It is decrypted chunk by chunk while it is sent or scanned; no clear copy is ever written.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import secrets
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core.crypto import WrongKey
from portal.core.errors import Conflict, DomainError
from portal.core.folders import modes
from portal.core.streams import CHUNK, stream_open, stream_seal
from portal.exchange.choices import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed import WriteableBuffer
    from django.db.models import Model

    from portal.exchange.models import StoredFile

logger = logging.getLogger(__name__)

# Types that a browser may show inline; all others are sent as a download.
INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
GONE = _("The file is no longer stored.")
HELD = _("This file is still being checked for viruses. Please come back in a few minutes.")
INFECTED = _("A virus was found in this file. It is kept as evidence and is not opened like other files.")
DAMAGED = _("This file cannot be opened: it is not as it was stored. The administrators can see this in the audit.")
_SIGN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#667382" stroke-width="1.5">'
    b'<rect width="24" height="24" fill="#f1f3f5" stroke="none"/><path d="%b"/></svg>'
)
# Shown in place of a picture: an hourglass while it is held, a cross if it was infected.
HELD_PICTURE = _SIGN % b"M8 5h8M8 19h8M9 5v3l3 4 3-4V5M9 19v-3l3-4 3 4v3"
INFECTED_PICTURE = _SIGN % b"M8 8l8 8M16 8l-8 8"


Response = TypeVar("Response", bound=HttpResponseBase)


class Written(NamedTuple):
    key: str
    size: int
    sha256: str


def _folder(key: str) -> Path:
    return Path(settings.PRIVATE_STORAGE_DIR) / key[:2]


def path_of(key: str) -> Path:
    """Return the path of the file ``key``; raises ValueError for anything that is not a key."""
    if len(key) != 40 or not set(key) <= set("0123456789abcdef"):
        raise ValueError("no key of the private storage")
    return _folder(key) / key


def put(chunks: Iterable[bytes], *, sealing: tuple[bytes, bytes] | None = None) -> Written:
    """Write ``chunks`` of bytes under a new random name.

    The file is readable for the people who may read its folder (``folders.modes``). With ``sealing`` (key, place) it is
    encrypted; size and checksum are those of the content in clear.
    """
    key = secrets.token_hex(20)
    file_mode, folder_mode = modes(settings.PRIVATE_STORAGE_DIR)
    _folder(key).mkdir(mode=folder_mode, parents=True, exist_ok=True)
    path = path_of(key)
    digest, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            yield chunk

    pieces = stream_seal(counted(), key=sealing[0], associated=sealing[1]) if sealing else counted()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file_mode), "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Written(key, size, digest.hexdigest())


def label_of(row: Model) -> str:
    """Return the name of the model of ``row`` as a sealed file stores it."""
    return row._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]  # None only for an abstract model


def place_of(pk: int, about_model: str, about_id: int | None) -> bytes:
    """Return what binds the content of the sealed file ``pk`` to its row and to its owner.

    Table and model are part of it, so that a model that is renamed keeps this name.
    """
    return f"exchange_storedfile.{pk}.{about_model}.{about_id}".encode()


class _Sealed(io.RawIOBase):
    """The content of a sealed file as a stream that reads forward; what was changed raises WrongKey."""

    def __init__(self, file: IO[bytes], pieces: Iterator[bytes], found: Callable[[WrongKey], object]) -> None:
        self._file, self._pieces, self._found, self._rest = file, pieces, found, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        while not self._rest:
            try:
                piece = next(self._pieces, None)
            except WrongKey as error:
                self._found(error)
                raise
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(room), len(self._rest))
        room[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


def opened(stored: StoredFile, *, owner: Model | None = None) -> IO[bytes]:
    """Return the content of ``stored`` in clear, as a stream; FileNotFoundError if it is not stored.

    ``owner`` is the row through which a person reaches a sealed file. WrongKey, which is logged and recorded in the
    audit, if the file belongs to another row, was moved or changed, or its key is not at hand; a change further on is
    found when it is read. Without ``owner``, which is for the portal's own work, the owner is the stored one.
    """
    file = path_of(stored.key).open("rb")
    if not stored.is_sealed:
        return file
    try:
        key = bytes.fromhex(stored.content_key or "")
    except WrongKey as error:
        file.close()
        _found_changed(stored, error)
        raise
    if not key:  # destroyed with the file, which is still on the disk
        file.close()
        raise FileNotFoundError(stored.key)
    label, pk = (label_of(owner), owner.pk) if owner is not None else (stored.about_model, stored.about_id)
    pieces = stream_open(file, key=key, associated=place_of(stored.pk, label, pk))
    raw = _Sealed(file, pieces, lambda error: _found_changed(stored, error))
    stream = io.BufferedReader(raw, CHUNK)
    try:
        stream.peek(1)  # opens the first chunk: what belongs elsewhere is refused before anything is sent
    except WrongKey:
        stream.close()
        raise
    return stream


def _found_changed(stored: StoredFile, error: WrongKey) -> None:
    """Note in the log and in the audit that a sealed file is not what was stored for its row."""
    logger.error("sealed file %s does not open: %s", stored.pk, error)
    audit_record(actor=None, action="file.damaged", about=stored, data={"owner": stored.about_id})


def remove(key: str) -> None:
    """Delete the content of ``key``; it may be deleted already."""
    path_of(key).unlink(missing_ok=True)


def keys_older_than(seconds: float) -> Iterator[str]:
    """Yield the keys of all files written more than ``seconds`` ago."""
    before = time.time() - seconds
    for path in Path(settings.PRIVATE_STORAGE_DIR).glob("[0-9a-f][0-9a-f]/*"):
        try:
            if path.stat().st_mtime < before:
                yield path.name
        except FileNotFoundError:
            continue


def guard(response: Response) -> Response:
    """Add headers to ``response`` so that a file cannot act as a page of the portal or be cached."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store, private"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def attachment(content: bytes | str, name: str, content_type: str) -> HttpResponse:
    """Return the response that sends ``content`` as a download with the file name ``name``."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return guard(response)


def file_response(
    stored: StoredFile, *, owner: Model | None = None, infected: bool = False
) -> FileResponse | HttpResponse:
    """Return the response that sends ``stored``; the caller has checked the reader's permission.

    Pictures are shown inline, everything else is a download, and so is evidence of any kind. Raises DomainError if the
    file is no longer kept or cannot be opened, and Conflict while it is held; a sign is shown in place of a picture
    that is held or was infected. A sealed file needs ``owner``, the row through which the reader reached it.
    ``infected`` sends evidence with a virus in it, which the caller has asked the reader to confirm.
    """
    if stored.is_sealed and owner is None:
        raise TypeError("a sealed file is opened for the row that it belongs to")
    inline = stored.content_type in INLINE and stored.kind != FileKind.EVIDENCE
    if stored.held_since and not inline:
        raise Conflict(HELD, code="file-held")
    if inline and (stored.held_since or stored.virus):
        sign = INFECTED_PICTURE if stored.virus else HELD_PICTURE
        return guard(HttpResponse(sign, content_type="image/svg+xml"))
    if stored.is_sealed and stored.virus and not infected and stored.deleted_at is None:
        raise DomainError(INFECTED, code="file-infected")
    try:
        stream = opened(stored, owner=owner)
    except FileNotFoundError:
        raise DomainError(GONE, code="file-gone") from None
    except WrongKey:
        raise DomainError(DAMAGED, code="file-damaged") from None
    try:
        name = stored.shown_name
    except WrongKey as error:
        stream.close()
        _found_changed(stored, error)
        raise DomainError(DAMAGED, code="file-damaged") from None
    response = FileResponse(
        stream,
        as_attachment=not inline,
        filename=name,
        content_type=stored.content_type if inline else "application/octet-stream",
    )
    if stored.is_sealed:
        response["Content-Length"] = stored.size
    return guard(response)
