"""The page of an official letter by GB/T 9704-2012, as a python-docx document with Jinja tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

# Millimetres: A4, upper margin 37, binding edge 28, type area 156 x 225.
PAGE = (210, 297)
TOP, LEFT = 37, 28
AREA = (156, 225)
# 22 lines of 28 characters fill the type area: a line has 28.95 points, and characters of 16 points stand closer.
LINES, CHARACTERS = 22, 28
LINE_POINTS = 28.95
# Size 2, 3 and 4.
TITLE, BODY, SMALL = 22, 16, 14
RED = RGBColor(0xFF, 0, 0)
SONG, FANG_SONG, HEI, KAI = ("方正小标宋简体", "SimSun"), ("仿宋", "FangSong"), ("黑体", "SimHei"), ("楷体", "KaiTi")
_FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]+、")
_SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]+）")
_POINTS_PER_MM = 72 / 25.4


def letter_page() -> Document:
    """Return an empty document: A4, margins and type area, body in FangSong of size 3, numbered pages."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.top_margin, section.left_margin = Mm(TOP), Mm(LEFT)
    section.right_margin = Mm(PAGE[0] - LEFT - AREA[0])
    section.bottom_margin = Mm(PAGE[1] - TOP - AREA[1])
    # The page number stands 7 mm below the type area.
    section.footer_distance = Mm(PAGE[1] - TOP - AREA[1] - 7 - SMALL / _POINTS_PER_MM)
    _grid(section)
    _body(document)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT, "rightChars")
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT, "leftChars")
    return document


def letter_document(*, title: str, paragraphs: Iterable[str], addressee: str = "{{ addressee }}") -> Document:
    """Return the template of a letter: head, number, title, addressee, text, signature and date.

    The tags are ``organization``, ``number``, ``addressee``, ``signer_title``, ``signer`` and ``date``, and those in
    the texts given. A paragraph that begins with 一、 or （一） is a heading of its level.
    """
    document = letter_page()
    head = _line(document, "{{ organization }}", size=TITLE + 8, font=SONG, at=WD_ALIGN_PARAGRAPH.CENTER, red=True)
    # From the upper edge of the type area to the head: 35 mm.
    head.paragraph_format.space_before = Mm(35)
    head.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _empty(document, 2)
    number = _line(document, "{{ number }}", at=WD_ALIGN_PARAGRAPH.CENTER)
    _red_line(number)
    _empty(document, 2)
    _line(document, title, size=TITLE, font=SONG, at=WD_ALIGN_PARAGRAPH.CENTER)
    _empty(document, 1)
    _line(document, f"{addressee}：")
    for text in paragraphs:
        tag = text.startswith("{%p")
        font = HEI if _FIRST_LEVEL.match(text) else KAI if _SECOND_LEVEL.match(text) else FANG_SONG
        _indent(_line(document, text, font=font), **({} if tag else {"firstLineChars": 200}))
    _empty(document, 2)
    for text, indent in (("{{ organization }}", 200), ("{{ signer_title }}　{{ signer }}", 200), ("{{ date }}", 400)):
        _indent(_line(document, text, at=WD_ALIGN_PARAGRAPH.RIGHT), rightChars=indent)
    return document


def _grid(section: object) -> None:
    """Set the grid of lines and characters; pitches in twentieths and 4096ths of a point."""
    properties = section._sectPr  # type: ignore[attr-defined]  # python-docx has no name for the grid
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(int(AREA[1] * _POINTS_PER_MM / LINES * 20)))
    grid.set(qn("w:charSpace"), str(round((AREA[0] * _POINTS_PER_MM / CHARACTERS - BODY) * 4096)))
    properties.append(grid)


def _body(document: Document) -> None:
    style = document.styles["Normal"]
    style.font.size = Pt(BODY)
    style.font.name = FANG_SONG[1]
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG_SONG[0])
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(LINE_POINTS)


def _page_number(paragraph: Paragraph, at: WD_ALIGN_PARAGRAPH, side: str) -> None:
    """Write "— 1 —" one character from the edge."""
    paragraph.alignment = at
    _indent(paragraph, **{side: 100})
    for text in ("— ", "", " —"):
        run = paragraph.add_run(text)
        _font(run, ("宋体", "SimSun"))
        run.font.size = Pt(SMALL)
        if not text:
            for kind in ("begin", "instr", "end"):
                run._r.append(_field(kind))


def _field(kind: str) -> object:
    if kind == "instr":
        element = OxmlElement("w:instrText")
        element.text = "PAGE"
    else:
        element = OxmlElement("w:fldChar")
        element.set(qn("w:fldCharType"), kind)
    return element


def _line(
    document: Document,
    text: str,
    *,
    size: int = BODY,
    font: tuple[str, str] = FANG_SONG,
    at: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    red: bool = False,
) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = at
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _font(run, font)
    if red:
        run.font.color.rgb = RED
    return paragraph


def _empty(document: Document, lines: int) -> None:
    for _line_number in range(lines):
        document.add_paragraph()


def _font(run: Run, font: tuple[str, str]) -> None:
    run.font.name = font[1]
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font[0])


def _indent(paragraph: Paragraph, **hundredths: int) -> None:
    """Indent by hundredths of a character: ``firstLineChars``, ``leftChars``, ``rightChars``."""
    if hundredths:
        indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
        for name, amount in hundredths.items():
            indent.set(qn(f"w:{name}"), str(amount))


def _red_line(paragraph: Paragraph) -> None:
    """Draw the red line as wide as the type area, 4 mm below the paragraph."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "FF0000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )
