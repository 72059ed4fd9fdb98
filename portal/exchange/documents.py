"""Attachments, checked by content and not only by name; letters and reports as .docx."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from portal.core.errors import DomainError
from portal.exchange.pictures import picture_clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.core.files.uploadedfile import UploadedFile
    from docx.document import Document

MAX_DOCUMENT_BYTES = 10 * 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "docx": ("word/document.xml", OFFICE + "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", OFFICE + "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", OFFICE + "presentationml.presentation"),
}
# A document of 10 MB unpacks to about ten times that; the limit protects the computers of readers from a zip bomb.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO, RATIO_FROM_BYTES = 200, 1024 * 1024
ENDINGS = ("pdf", "jpg", "jpeg", "png", *PARTS)

TOO_HEAVY = _("The file is larger than 10 MB.")
WRONG_KIND = _("Attach a PDF, a .docx, .xlsx or .pptx document without macros, or a photograph.")
BOMB = _("Unpacked, the file is far larger than a document should be.")
NAME_AND_CONTENT = _("The file name extension does not match the content.")


def document_clean(upload: UploadedFile[bytes]) -> tuple[str, bytes, str]:
    """Return (name, content, content type) of an uploaded attachment; photographs lose their metadata.

    Raises DomainError for a file that is too large, is no document by its content, does not match its name, is a zip
    bomb or holds macros.
    """
    if upload.size is None or upload.size > MAX_DOCUMENT_BYTES:
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
    return name, content, office_type(content, ending)


def office_type(content: bytes, ending: str) -> str:
    """Return the content type of an Office document, judged by the files in it.

    Raises DomainError if it is none, does not match ``ending`` (a key of PARTS), is a zip bomb or holds macros.
    """
    part, content_type = PARTS[ending]
    names = _members(content)
    if part not in names:
        raise DomainError(NAME_AND_CONTENT, code="name-and-content")
    if any("vbaproject" in held.lower() for held in names):
        raise DomainError(WRONG_KIND, code="macros")
    return content_type


def _members(content: bytes) -> set[str]:
    """Return the names of the files in a zip from its directory, without unpacking anything."""
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


DOCX = PARTS["docx"][1]


def docx_render(
    build: Callable[[], Document],
    values: Mapping[str, object],
    *,
    pictures: Mapping[str, bytes] | None = None,
    width_mm: int = 70,
) -> bytes:
    """Return a .docx made from the template of ``build``, filled in with ``values``.

    ``build()`` returns a python-docx document with Jinja tags. ``values`` are plain: text, numbers, None, and lists and
    dicts of them; anything else raises TypeError, so that a template cannot reach a row, a method or a setting.
    ``pictures`` maps names to the bytes of PNG pictures. A tag without a value raises UndefinedError.
    """
    template = io.BytesIO()
    build().save(template)
    template.seek(0)
    document = DocxTemplate(template)
    context = {str(name): _plain(value) for name, value in values.items()}
    for name, content in (pictures or {}).items():
        context[name] = InlineImage(document, io.BytesIO(content), width=Mm(width_mm))
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document.render(context, jinja_env=environment, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _plain(value: object) -> object:
    """Return ``value`` with every lazy text as plain text; TypeError if it is not a plain value."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (Decimal, Promise)):
        return str(value)
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    raise TypeError(f"a document takes plain values, not {type(value).__name__}")
