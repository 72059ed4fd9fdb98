"""Uploaded photographs: checked by content, turned upright and rewritten without metadata.

A child process (``decoder``) does the work, one at a time for each process of the web server: pictures sent at the same
time wait for each other and use the memory of one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.exchange import decoder
from portal.exchange.decoder import LONGEST_EDGE, MIN_EDGE

if TYPE_CHECKING:
    from django.core.files.base import File

__all__ = ["LONGEST_EDGE", "MAX_BYTES", "MIN_EDGE", "PictureRefused", "picture_clean"]

MAX_BYTES = 8 * 1024 * 1024
WALL_SECONDS = 20
TURN_SECONDS = 30

REFUSALS = {
    "too-heavy": _("The picture is larger than 8 MB. Choose a smaller one."),
    "too-large": _("The picture has too many pixels. Choose a smaller one, for example a screenshot of it."),
    "too-small": _("The picture is too small to be recognised."),
    "no-picture": _("This kind of picture is not supported. Choose a photograph in JPEG, PNG or WebP."),
    "damaged": _("The picture is damaged. Choose another one."),
    "busy": _("Many pictures are being uploaded just now. Please upload yours again in a moment."),
}
_turn = threading.Lock()


class PictureRefused(DomainError):
    """The picture is refused; the message says why."""


def _refused(code: str) -> PictureRefused:
    return PictureRefused(REFUSALS[code], code=code)


def picture_clean(
    upload: bytes | bytearray | File[bytes], *, most: int = MAX_BYTES, longest: int = LONGEST_EDGE
) -> bytes:
    """Return ``upload`` as an upright JPEG without metadata, at most ``longest`` px on each edge.

    ``upload`` is an uploaded file or bytes, of at most ``most`` bytes. Only the pixels of the sent file remain: no
    EXIF, no location, no data appended to the picture. Raises PictureRefused.
    """
    if isinstance(upload, (bytes, bytearray)):
        data = bytes(upload)
    else:
        if getattr(upload, "size", 0) and upload.size > most:
            raise _refused("too-heavy")
        upload.seek(0)
        data = upload.read(most + 1)
    if len(data) > most:
        raise _refused("too-heavy")
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise _refused("busy")
    try:
        answer = _decoded(data, longest)
    finally:
        _turn.release()
    if answer.startswith(decoder.OK):
        return answer[1:]
    code = answer[1:].decode("ascii", "replace")
    raise _refused(code if code in REFUSALS else "damaged")


def _decoded(data: bytes, longest: int) -> bytes:
    """Return the output of the decoder; empty if it was killed or took too long."""
    process = subprocess.Popen(
        [sys.executable, "-I", decoder.__file__, str(longest)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
        cwd="/",
    )
    try:
        return process.communicate(data, timeout=WALL_SECONDS)[0]
    except subprocess.TimeoutExpired:
        return b""
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
