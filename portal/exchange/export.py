"""Cell values that are safe in Excel, and the files of exports."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, overload

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from portal.web.lists import value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import IO

    from django.utils.functional import Promise
    from openpyxl.worksheet.worksheet import Worksheet

    from portal.web.lists import LabelledWay

    Cover = Sequence[tuple[str, object]]

# Excel, WPS and LibreOffice read a cell that begins with one of these as a formula; full-width forms count too.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
_FORBIDDEN = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])
CELL_LIMIT = 32_767
# Excel keeps fifteen digits of a number and shows a number of twelve or more digits as a power of ten.
LONGEST_NUMBER = 11

_BOLD = Font(bold=True)


@overload
def safe_cell(value: str) -> str: ...
@overload
def safe_cell(value: object) -> object: ...
def safe_cell(value: object) -> object:
    """Return ``value`` for a cell; text that Excel would run as a formula gets a leading apostrophe.

    Numbers, dates and None are returned unchanged. Characters that XML forbids are removed.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if hasattr(value, "isoformat"):
        return value
    text = str(value)
    dangerous = text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)
    text = text.translate(_FORBIDDEN).encode("utf-8", "replace").decode()[: CELL_LIMIT - 1]
    return f"'{text}" if dangerous else text


def cell_text(value: object) -> str:
    """Return ``value`` as the text of a cell, numbers and codes included, so that Excel shortens none."""
    if value is None or value == "":
        return ""
    if value is True or value is False:
        return "1" if value else "0"
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return value.strftime("%Y-%m-%d %H:%M")
    if hasattr(value, "isoformat"):
        day: str = value.isoformat()
        return day
    return safe_cell(str(value))


def row_text(row: object, columns: Iterable[LabelledWay]) -> list[str]:
    """Return the cells of ``row``.

    A column is a pair of a label and either a path (``organization__name``) or a function.
    """
    return [cell_text(value_of(row, way)) for _label, way in columns]


def write_xlsx(
    stream: IO[bytes], *, title: str, cover: Cover, columns: Sequence[LabelledWay], rows: Iterable[object]
) -> int:
    """Write a workbook and return the number of its rows.

    The first sheet says whose copy it is and what it is for; the rows follow on the second sheet. ``cover`` are pairs
    of label and value; they are printed on every page too.
    """
    book = Workbook(write_only=True)
    front = book.create_sheet(sheet_title(_("About this file")))
    front.column_dimensions["A"].width, front.column_dimensions["B"].width = 24, 80
    for label, value in cover:
        front.append([_text(front, safe_cell(str(label)), bold=True), _text(front, safe_cell(str(value)))])
    sheet = book.create_sheet(sheet_title(title))
    sheet.freeze_panes = "A2"
    sheet.oddFooter.center.text = watermark(cover).replace("&", "&&")[:200]
    for number in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 20
    sheet.append([_text(sheet, safe_cell(str(label)), bold=True) for label, _way in columns])
    count = 0
    for row in rows:
        sheet.append([_text(sheet, text) for text in row_text(row, columns)])
        count += 1
    book.save(stream)
    return count


def write_csv(
    stream: IO[bytes], *, title: str, cover: Cover, columns: Sequence[LabelledWay], rows: Iterable[object]
) -> int:
    """Write a CSV in UTF-8 with a byte order mark, as Excel reads it; return the number of its rows.

    The first line says whose copy it is and what it is for. Long runs of digits get an apostrophe: Excel would round
    them.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([f"# {title} · {watermark(cover)}"])
    writer.writerow([safe_cell(str(label)) for label, _way in columns])
    count = 0
    for row in rows:
        writer.writerow([_whole(cell) for cell in row_text(row, columns)])
        count += 1
    text.flush()
    text.detach()
    return count


def watermark(cover: Cover) -> str:
    """Return the cover on one line."""
    return " · ".join(f"{label}: {value}" for label, value in cover)


def sheet_title(text: str | Promise) -> str:
    """Return ``text`` as a sheet name: at most 31 characters, without those that Excel refuses."""
    return "".join(" " if character in "[]:*?/\\" else character for character in str(text))[:31] or "1"


def _whole(text: str) -> str:
    return f"'{text}" if text.isdecimal() and (len(text) > LONGEST_NUMBER or text.startswith("0")) else text


def _text(sheet: Worksheet, value: object, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = _BOLD
    return cell
