"""The private storage: files under random names in a folder that no web server serves."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Conflict, DomainError
from portal.core.folders import modes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from portal.exchange.models import StoredFile

# Types that a browser may show inline; all others are sent as a download.
INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
GONE = _("The file is no longer stored.")
HELD = _("This file is still being checked for viruses. Please come back in a few minutes.")
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


def put(chunks: Iterable[bytes]) -> Written:
    """Write ``chunks`` of bytes under a new random name.

    The file is readable for the people who may read its folder (``folders.modes``).
    """
    key = secrets.token_hex(20)
    file_mode, folder_mode = modes(settings.PRIVATE_STORAGE_DIR)
    _folder(key).mkdir(mode=folder_mode, parents=True, exist_ok=True)
    path = path_of(key)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file_mode), "wb") as stream:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Written(key, size, digest.hexdigest())


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


def file_response(stored: StoredFile) -> FileResponse | HttpResponse:
    """Return the response that sends ``stored``; the caller has checked the reader's permission.

    Pictures are shown inline, everything else is a download. Raises DomainError if the file is no longer kept, and
    Conflict while it is held; a sign is shown in place of a picture that is held or was infected.
    """
    inline = stored.content_type in INLINE
    if stored.held_since and not inline:
        raise Conflict(HELD, code="file-held")
    if inline and (stored.held_since or stored.virus):
        sign = INFECTED_PICTURE if stored.virus else HELD_PICTURE
        return guard(HttpResponse(sign, content_type="image/svg+xml"))
    try:
        stream = path_of(stored.key).open("rb")
    except FileNotFoundError:
        raise DomainError(GONE, code="file-gone") from None
    return guard(
        FileResponse(
            stream,
            as_attachment=not inline,
            filename=stored.name,
            content_type=stored.content_type if inline else "application/octet-stream",
        )
    )
