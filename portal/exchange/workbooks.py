"""Workbooks of imports: the template of a register and the list of what is wrong in a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.core.text import listed
from portal.exchange.export import safe_cell, sheet_title
from portal.exchange.reading import HELP_SHEET
from portal.exchange.registers import Column, FaultLevel, Kind, Register

if TYPE_CHECKING:
    from portal.exchange.models import ImportRun

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATE_ROWS = 2000
LIST_FORMULA_LIMIT = 250

_HEAD = PatternFill("solid", fgColor="F4E9E9")
_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _hint(column: Column) -> str:
    parts = [str(column.help)] if column.help else []
    if column.choices:
        parts.append(_("One of: %(labels)s") % {"labels": listed(label for _value, label in column.choices)})
    if column.kind == Kind.DATE:
        parts.append(_("A date like 1990-03-07"))
    parts.append(_("Required") if column.required else _("Optional"))
    return ". ".join(parts)


def _heading(column: Column) -> str:
    return f"{column.label} *" if column.required else str(column.label)


def template_workbook(register: Register) -> bytes:
    """Return the template of ``register`` in the active language.

    It has headings to fill in below, and a sheet with explanations. Columns of codes and dates are formatted as text,
    so that Excel shortens no number and reorders no date.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_title(register.title)
    for number, column in enumerate(register.columns, start=1):
        letter = get_column_letter(number)
        cell = sheet.cell(1, number, safe_cell(_heading(column)))
        cell.font, cell.fill = _BOLD, _HEAD
        comment = Comment(_hint(column), "")
        comment.width, comment.height = 260, 90
        cell.comment = comment
        sheet.column_dimensions[letter].width = column.width
        if column.kind in (Kind.CODE, Kind.DATE):
            sheet.column_dimensions[letter].number_format = "@"
        labels = [str(label) for _value, label in column.choices]
        joined = ",".join(labels)
        if labels and len(joined) <= LIST_FORMULA_LIMIT and not any("," in text or '"' in text for text in labels):
            rule = DataValidation(type="list", formula1=f'"{joined}"', allow_blank=not column.required)
            rule.add(f"{letter}2:{letter}{TEMPLATE_ROWS + 1}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    _explain(book, register)
    return _bytes(book)


def _explain(book: Workbook, register: Register) -> None:
    sheet = book.create_sheet(sheet_title(HELP_SHEET))
    sheet.append([_("Column"), _("Expected content"), _("Example")])
    for column in register.columns:
        sheet.append([safe_cell(_heading(column)), safe_cell(_hint(column)), None])
        sample = sheet.cell(sheet.max_row, 3, safe_cell(str(column.sample)))
        sample.number_format = "@"
    for cell in sheet[1]:
        cell.font, cell.fill = _BOLD, _HEAD
    for letter, width in (("A", 24), ("B", 70), ("C", 24)):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = _WRAP


def faults_workbook(run: ImportRun) -> bytes:
    """Return the list of what is wrong in the file of ``run``, with values masked as on the page."""
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_title(_("To be corrected"))
    sheet.append([_("Line"), _("Cell"), _("Column"), _("Value (masked)"), _("Problem"), _("What to do"), _("Kind")])
    for fault in run.faults:
        level = FaultLevel(fault["level"]).label
        texts = [fault["cell"], fault["label"], fault["value"], fault["reason"], fault["advice"], level]
        sheet.append([fault["line"], *(safe_cell(text) for text in texts)])
    for cell in sheet[1]:
        cell.font, cell.fill = _BOLD, _HEAD
    for letter, width in (("A", 8), ("B", 8), ("C", 20), ("D", 24), ("E", 50), ("F", 50), ("G", 14)):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    return _bytes(book)
