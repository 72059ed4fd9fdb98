"""A plate to print, as an A4 sheet in .docx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.core.errors import DomainError
from portal.core.health import in_earnest
from portal.exchange.documents import docx_render
from portal.papers.formats import FANG_SONG, HEI, PAGE
from portal.papers.qr import PLATE_MM, qr_of, qr_png, with_margin_mm
from portal.papers.services.letters import LANGUAGE, day_written
from portal.web.links import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document

    from portal.papers.models import Certificate

MARGIN_MM = 20
# Text and its size in points.
ROWS = (
    ("{{ organization }}", 18),
    ("{{ kind }}", 40),
    ("{{ title }}", 24),
    ("{{ picture }}", 12),
    ("{{ words.scan }}", 14),
    ("{{ code }}", 14),
    ("{{ address }}", 10),
    ("{{ number }}", 16),
    ("{{ issued }}", 14),
    ("{{ valid }}", 14),
)


def check_address(certificate: Certificate) -> str:
    """Return the full address of the check page, for a plate; DomainError if it is not https on a portal in use."""
    address = absolute(certificate.get_absolute_url())
    if in_earnest() and not settings.SITE_URL.startswith("https://"):
        raise DomainError(
            _("The portal has no https address yet, so a printed code would not work later."), code="no-https"
        )
    return address


def validity_words(certificate: Certificate) -> tuple[str, str]:
    """Return the day of issue and the last day in words for a plate; the second is "" for no end."""
    issued = _("Issued on %(day)s") % {"day": day_written(certificate.issued_on)}
    until = certificate.valid_until
    return issued, _("Valid through %(day)s") % {"day": day_written(until)} if until else ""


def plate_render(certificate: Certificate, *, lines: Iterable[str] = (), width_mm: float = PLATE_MM) -> bytes:
    """Return the plate of a certificate as the bytes of a .docx: one A4 sheet, in Chinese.

    ``lines`` follow the title, such as opening hours. The QR code is ``width_mm`` wide without its margin: 100 mm are
    scanned from 1 m.
    """
    address = check_address(certificate)
    with translation.override(LANGUAGE):
        issued, valid = validity_words(certificate)
        values = {
            "organization": certificate.organization.name,
            "kind": certificate.kind_name,
            "title": certificate.title,
            "words": {"scan": _("Scan to check that this plate is valid")},
            "code": certificate.shown_code,
            "address": address,
            "number": certificate.number,
            "issued": issued,
            "valid": valid,
            "lines": list(lines),
        }
    return docx_render(
        _template,
        values,
        pictures={"picture": qr_png(address)},
        width_mm=round(with_margin_mm(qr_of(address), width_mm)),
    )


def _template() -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    for text, points in ROWS:
        _line(document, text, points)
        if text == "{{ title }}":
            document.add_paragraph("{%p for line in lines %}")
            _line(document, "{{ line }}", 14)
            document.add_paragraph("{%p endfor %}")
    return document


def _line(document: Document, text: str, points: int) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(6)
    run = paragraph.add_run(text)
    run.font.size = Pt(points)
    font = HEI if points > 16 else FANG_SONG
    run.font.name = font[1]
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font[0])
