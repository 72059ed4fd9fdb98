"""What people may send as evidence: kinds of files by their content, and the copy of a picture that is shown.

The original is never changed. Only pictures are shown by the portal, and only their copy; all else is a download.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.exchange.documents import NAME_AND_CONTENT, PARTS, office_type
from portal.exchange.pictures import PictureRefused, picture_clean

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_BYTES = 20 * 1024 * 1024
# The longest edge of the copy: the text of a long screenshot stays legible.
COPY_EDGE = 2400
TOO_HEAVY = _("The file is larger than 20 MB. Send it in parts, or as a photograph.")
WRONG_KIND = _(
    "This kind of file is not accepted. Send photographs, a PDF, a .docx, .xlsx or .pptx document, or a recording."
)
HEAD_BYTES = 16

# Pictures of which a copy can be made; an HEIC photograph is kept, but the portal cannot decode it.
PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
OTHERS = {
    "heic": "image/heic",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "amr": "audio/amr",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
}


def _looks_like(ending: str, head: bytes) -> bool:
    """Return whether content that begins with ``head`` may be a file with this ending."""
    if ending in ("jpg", "jpeg"):
        return head.startswith(b"\xff\xd8\xff")
    if ending in ("heic", "m4a", "mp4", "mov"):
        return head[4:8] == b"ftyp"
    if ending == "mp3":
        return head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] > b"\xe0")
    if ending in ("webp", "wav"):
        return head.startswith(b"RIFF") and head[8:12] == (b"WEBP" if ending == "webp" else b"WAVE")
    return head.startswith({"png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-", "amr": b"#!AMR"}[ending])


def evidence_type(upload: UploadedFile[bytes]) -> str:
    """Return the content type of an uploaded file, judged by its name and its content.

    Raises DomainError for a file that is too large, of another kind, not what its name says, a zip bomb, or a document
    with macros.
    """
    if upload.size is None or upload.size > MAX_BYTES:
        raise DomainError(TOO_HEAVY, code="too-heavy")
    ending = (upload.name or "").rpartition(".")[2].strip().lower()
    upload.seek(0)
    if ending in PARTS:
        return office_type(upload.read(MAX_BYTES + 1), ending)
    known = PICTURES | OTHERS
    if ending not in known:
        raise DomainError(WRONG_KIND, code="wrong-kind")
    if not _looks_like(ending, upload.read(HEAD_BYTES)):
        raise DomainError(NAME_AND_CONTENT, code="name-and-content")
    return known[ending]


def picture_copy(content: bytes, content_type: str) -> bytes | None:
    """Return a picture upright, smaller and without metadata; None for anything else or if it cannot be decoded."""
    if content_type not in PICTURES.values():
        return None
    try:
        return picture_clean(content, most=MAX_BYTES, longest=COPY_EDGE)
    except PictureRefused as refusal:
        if refusal.code == "busy":
            raise
        return None
