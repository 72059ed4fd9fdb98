"""Documents as attachments: what a file is, by its content and not by its name."""

import io
import zipfile

from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.exchange.pictures import picture_clean

MAX_DOCUMENT_BYTES = 10 * 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "docx": ("word/document.xml", OFFICE + "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", OFFICE + "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", OFFICE + "presentationml.presentation"),
}
# A document of 10 MB unpacks to some ten times that; its readers' machines are spared what a bomb unpacks to.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO, RATIO_FROM_BYTES = 200, 1024 * 1024
ENDINGS = ("pdf", "jpg", "jpeg", "png", *PARTS)

TOO_HEAVY = _("The file is larger than 10 MB.")
WRONG_KIND = _("Attach a PDF, a .docx, .xlsx or .pptx document without macros, or a photograph.")
BOMB = _("Unpacked, the file is far larger than a document can be.")
NAME_AND_CONTENT = _("The name and the content of the file do not fit.")


def document_clean(upload):
    """Return (name, content, content type) of an uploaded attachment; photographs come out without metadata.

    Refused with DomainError: what is too heavy, no document by its content, named as another kind, unpacks to a
    bomb, or holds macros.
    """
    if upload.size > MAX_DOCUMENT_BYTES:
        raise DomainError(TOO_HEAVY, code="too-heavy")
    name = upload.name or ""
    ending = name.rpartition(".")[2].strip().lower()
    if ending not in ENDINGS:
        raise DomainError(WRONG_KIND, code="wrong-kind")
    upload.seek(0)
    content = upload.read(MAX_DOCUMENT_BYTES + 1)
    if ending in ("jpg", "jpeg", "png"):
        return f"{name.rpartition('.')[0]}.jpg", picture_clean(content), "image/jpeg"
    if ending == "pdf":
        if not content.startswith(b"%PDF-"):
            raise DomainError(NAME_AND_CONTENT, code="name-and-content")
        return name, content, "application/pdf"
    part, content_type = PARTS[ending]
    names = _members(content)
    if part not in names:
        raise DomainError(NAME_AND_CONTENT, code="name-and-content")
    if any("vbaproject" in held.lower() for held in names):
        raise DomainError(WRONG_KIND, code="macros")
    return name, content, content_type


def _members(content):
    """Return the names inside a zip by its table of contents, without unpacking anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise DomainError(NAME_AND_CONTENT, code="name-and-content") from None
    for member in members:
        if member.file_size > max(RATIO_FROM_BYTES, MAX_RATIO * member.compress_size):
            raise DomainError(BOMB, code="bomb")
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise DomainError(BOMB, code="bomb")
    return {member.filename for member in members}
