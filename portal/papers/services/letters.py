"""Official letters: rendered from the template in use; templates uploaded, used and put aside."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import docx
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from jinja2 import TemplateError, UndefinedError

from portal.audit.gate import advance
from portal.audit.services import row_create
from portal.core import locks
from portal.core.errors import Conflict, DomainError
from portal.exchange import storage
from portal.exchange.choices import FileKind
from portal.exchange.documents import DOCX, document_clean, docx_render
from portal.exchange.services.files import file_store
from portal.papers.choices import TemplateState
from portal.papers.kinds import STANDARD, letter_kinds
from portal.papers.models import LetterTemplate
from portal.papers.templating import UNREADABLE, refuse_names, template_check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile
    from docx.document import Document

    from portal.members.models import Member
    from portal.organizations.models import Organization

LANGUAGE = "zh-hans"
SAMPLE = {"organization": "示例市总工会", "signer": "某某", "signer_title": "主任", "date": "2026年3月2日"}


def letter_render(
    *, kind: str, values: Mapping[str, object], organization: Organization, signer: Member, on: date | None = None
) -> bytes:
    """Return a letter of ``kind`` as the bytes of a .docx, dated ``on`` (by default today), in Chinese.

    ``values`` has exactly the names of the kind's samples; name, title, organisation and date of the signer are added.
    Raises LookupError for an unknown kind, ValueError for missing or further values, TypeError for a value that is not
    plain, and DomainError if the template in use cannot be filled in.
    """
    declared = letter_kinds()[kind]
    if set(values) != set(declared.samples):
        raise ValueError(f"{kind} takes the values {sorted(declared.samples)}, not {sorted(values)}")
    with translation.override(LANGUAGE):
        filled = {
            **values,
            "organization": organization.name,
            "signer": signer.name,
            "signer_title": _title_at(signer, organization),
            "date": day_written(on or timezone.localdate()),
        }
        return _rendered(_build_of(kind), filled)


def day_written(day: date) -> str:
    """Return a day as a letter has it: 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def letter_sample(*, kind: str, content: bytes | None = None) -> bytes:
    """Return a letter with sample values, from ``content`` or else from the template in use.

    DomainError if the template cannot be filled in.
    """
    declared = letter_kinds()[kind]
    with translation.override(LANGUAGE):
        return _rendered(_opened(content) if content else _build_of(kind), {**SAMPLE, **declared.samples})


def letter_builtin(*, kind: str) -> bytes:
    """Return the built-in template of ``kind`` with its tags, to begin another one with."""
    out = io.BytesIO()
    with translation.override(LANGUAGE):
        letter_kinds()[kind].build().save(out)
    return out.getvalue()


def template_content(template: LetterTemplate) -> bytes:
    """Return the .docx of an uploaded template; DomainError if the file is no longer stored."""
    try:
        return storage.path_of(template.file.key).read_bytes()
    except FileNotFoundError:
        raise DomainError(storage.GONE, code="file-gone") from None


def letter_check(*, kind: str, upload: UploadedFile[bytes]) -> tuple[str, bytes]:
    """Return name and content of an uploaded template; DomainError unless a letter of ``kind`` can be made from it."""
    name, content, content_type = document_clean(upload)
    if content_type != DOCX:
        raise DomainError(_("Upload the template as a .docx document."), code="wrong-kind")
    template_check(content, (*STANDARD, *letter_kinds()[kind].samples))
    letter_sample(kind=kind, content=content)
    return name, content


@transaction.atomic
def letter_template_save(*, actor: Member, kind: str, upload: UploadedFile[bytes], note: str = "") -> LetterTemplate:
    """Store an uploaded template as the next version and take it into use; DomainError if it cannot be used."""
    name, content = letter_check(kind=kind, upload=upload)
    locks.wait_turn(f"papers.letter.{kind}")
    last = LetterTemplate.objects.filter(kind=kind).order_by("-version").first()
    stored = file_store(actor=actor, name=name, chunks=[content], kind=FileKind.DOCUMENT, content_type=DOCX)
    if stored.held_since is not None:
        raise DomainError(
            _("The virus scanner does not answer at the moment. Please upload the template later."), code="not-scanned"
        )
    row = LetterTemplate(kind=kind, version=last.version + 1 if last else 1, file=stored, note=note, uploaded_by=actor)
    row_create(actor=actor, row=row, action="letter-template.save")
    return letter_template_use(actor=actor, template=row)


@transaction.atomic
def letter_template_use(*, actor: Member, template: LetterTemplate) -> LetterTemplate:
    """Use this version from now on; Conflict if it is in use already."""
    locks.wait_turn(f"papers.letter.{template.kind}")
    held = locks.hold(template)
    if held.state == TemplateState.CURRENT:
        raise Conflict(_("This version is in use already."), code="in-use")
    _put_aside(actor, template.kind)
    return advance(held, TemplateState.CURRENT, actor=actor)


@transaction.atomic
def letter_builtin_use(*, actor: Member, kind: str) -> None:
    """Use the built-in template from now on; Conflict if it is in use already."""
    locks.wait_turn(f"papers.letter.{kind}")
    if not _put_aside(actor, kind):
        raise Conflict(_("The built-in template is in use already."), code="in-use")


def _put_aside(actor: Member, kind: str) -> bool:
    current = _current(kind)
    if current is not None:
        advance(current, TemplateState.KEPT, actor=actor)
    return current is not None


def _current(kind: str) -> LetterTemplate | None:
    return LetterTemplate.objects.filter(kind=kind, state=TemplateState.CURRENT).select_related("file").first()


def _build_of(kind: str) -> Callable[[], Document]:
    current = _current(kind)
    return letter_kinds()[kind].build if current is None else _opened(template_content(current))


def _opened(content: bytes) -> Callable[[], Document]:
    return lambda: docx.Document(io.BytesIO(content))


def _rendered(build: Callable[[], Document], values: Mapping[str, object]) -> bytes:
    """Return the filled-in document; DomainError, which names the value, if the template asks for another one."""
    try:
        return docx_render(build, values)
    except UndefinedError as error:
        named = re.findall(r"'([^']*)'", error.message or "")
        refuse_names(named[-1:] or ["?"], values.keys())
        raise
    except (TemplateError, SyntaxError):  # lxml's errors are syntax errors
        raise DomainError(UNREADABLE, code="template-unreadable") from None


def _title_at(signer: Member, organization: Organization) -> str:
    """Return the title of the signer's duty at the organisation, or at the nearest one above it, or ""."""
    above = [duty for duty in signer.duties if organization.path.startswith(duty.organization.path)]
    nearest = max(above, key=lambda duty: len(duty.organization.path), default=None)
    return str(nearest.get_role_display()) if nearest else ""
