"""Turns an uploaded file into rows of a register: runs the reader, finds the header, cleans cells."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.core.text import clean_code, clean_line, listed
from portal.exchange import reader
from portal.exchange.registers import Column, Fault, FaultLevel, Kind, Register, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from django.utils.functional import Promise

    from portal.exchange.reader import Cell

    # A line number and its cells by column number.
    RawRow = tuple[int, dict[int, Cell]]
    # The value of a cell, what is wrong with it, and what to do.
    Judged = tuple[Any, str | Promise, str | Promise]

WALL_SECONDS = 30
HEADER_WITHIN = 15
FAULTS_KEPT = 1000

REFUSALS = {
    "empty": _("The file is empty. Fill in the template and upload it again."),
    "wrong_kind": _("This is not an Excel file. Upload an .xlsx workbook or a .csv file."),
    "old_excel": _("This workbook has an old format (.xls or .xlsb). Open it in Excel or WPS and save it as .xlsx."),
    "protected": _("The file is protected by a password. Save it without a password and upload it again."),
    "damaged": _("The file is damaged or is not an Excel workbook. Open it in Excel or WPS and save it as .xlsx."),
    "no_workbook": _("This is an archive without an Excel workbook. Upload the .xlsx file itself."),
    "macros": _("The workbook contains macros and cannot be accepted. Save it as an ordinary workbook (.xlsx)."),
    "zip_bomb": _("Unpacked, the file is far larger than a list should be. Copy the rows into a new template."),
    "too_large": _("The file needs too much memory or time. Copy the rows into a new template."),
    "too_much_text": _("The file contains too much text. Split it into several files."),
    "too_many_rows": _("The file has more than 20,000 rows. Split it into several files."),
    "too_many_columns": _(
        "There is content far to the right of the table. Delete everything to the right of column 60."
    ),
    "no_sheet": _("The workbook has no visible sheet. Show the sheet with the list and save it again."),
    "no_table": _("This is not a table with one record per line. Save it from Excel as .xlsx or as CSV (UTF-8)."),
    "encoding": _(
        "The character encoding of the file cannot be recognised. Save it from Excel as .xlsx or as CSV (UTF-8)."
    ),
    "no_header": _("No row with the headings of the template was found. Use the template of this page."),
    "no_rows": _("There is no data row under the headings."),
}
HINTS = {
    "hidden_sheet": _("The hidden sheet “%(detail)s” was not read."),
    "other_sheet": _("The sheet “%(detail)s” was not read: the list must be on the first sheet."),
    "unknown_column": _("The column “%(detail)s” is not part of this register and was not read."),
    "absent_column": _("The column “%(detail)s” is not in the file and stays empty."),
}
HELP_SHEET = _("How to fill in")

_BLANKS = re.compile(r"[\s*＊]+")
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]$")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SCIENTIFIC = re.compile(r"^\d([.,]\d+)?E\+?\d+$", re.IGNORECASE)
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0?0:00(?::00)?)?$")
_DATE_DIGITS = re.compile(r"^(\d{4})(\d{2})(\d{2})$")


class Unreadable(DomainError):
    """The file as a whole is refused; the message says what to do."""


@dataclass
class Reading:
    """The content of a file: its rows, the faults of their cells, and hints about what was left out."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)


def raw_rows(path: Path | str) -> tuple[list[RawRow], list[tuple[str, str]], list[list[int]]]:
    """Run the reader on ``path`` and return its rows, hints and merged ranges; raises Unreadable."""
    process = subprocess.Popen(
        [sys.executable, "-I", reader.__file__, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"},
        cwd="/",
    )
    try:
        printed, _nothing = process.communicate(timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise Unreadable(REFUSALS["too_large"], code="too_large") from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    rows, hints, merged, ended = [], [], [], False
    for line in printed.splitlines():
        what, *rest = json.loads(line)
        if what == "row":
            rows.append((rest[0], {int(column): cell for column, cell in rest[1].items()}))
        elif what == "hint":
            hints.append((rest[0], rest[1]))
        elif what == "merged":
            merged = rest[0]
        elif what == "refuse":
            raise Unreadable(REFUSALS.get(rest[0], REFUSALS["damaged"]), code=rest[0])
        elif what == "end":
            ended = True
    if not ended:
        raise Unreadable(REFUSALS["too_large"], code="too_large")
    return rows, hints, merged


def _in_every_language(text: object) -> list[str]:
    """Return ``text`` in each language of the portal."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(str(text))
    return found


def _key(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _headings(columns: Sequence[Column]) -> dict[str, Column]:
    """Return columns by heading key; a heading counts without its closing bracket too where only one has it."""
    exact: dict[str, Column] = {}
    short: dict[str, set[str]] = {}
    for column in columns:
        for text in {column.name, *column.aliases, *_in_every_language(column.label)}:
            key = _key(text)
            exact.setdefault(key, column)
            short.setdefault(_BRACKETS.sub("", key), set()).add(column.name)
    by_name = {column.name: column for column in columns}
    for key, names in short.items():
        if key and len(names) == 1:
            exact.setdefault(key, by_name[next(iter(names))])
    return exact


def _heading_of(cell: Cell, headings: Mapping[str, Column]) -> Column | None:
    if not isinstance(cell, str):
        return None
    key = _key(cell)
    return headings.get(key) or headings.get(_BRACKETS.sub("", key))


def _find_header(rows: list[RawRow], columns: Sequence[Column]) -> tuple[int, dict[int, Column]]:
    """Return the index of the header row and its columns by number.

    Raises Unreadable if there is no such row or a column is missing or appears twice; the message names the column.
    """
    headings = _headings(columns)
    best: int | None = None
    best_found: dict[int, Column] = {}
    for index, (_line, cells) in enumerate(rows[:HEADER_WITHIN]):
        found = {}
        for number, cell in cells.items():
            column = _heading_of(cell, headings)
            if column is not None:
                found[number] = column
        if len(found) > len(best_found):
            best, best_found = index, found
    if best is None or (len(best_found) < 2 and len(columns) > 1):
        raise Unreadable(REFUSALS["no_header"], code="no_header")
    for name, times in Counter(column.name for column in best_found.values()).items():
        if times > 1:
            label = next(column.label for column in columns if column.name == name)
            raise Unreadable(
                _("The column “%(column)s” is in the file twice. Keep only one of them.") % {"column": label},
                code="double_column",
            )
    present = {column.name for column in best_found.values()}
    missing = [str(column.label) for column in columns if column.required and column.name not in present]
    if missing:
        raise Unreadable(
            _("These columns are missing: %(columns)s. Use the headings of the template.")
            % {"columns": listed(missing)},
            code="missing_column",
        )
    return best, best_found


def letter(number: int) -> str:
    """Return the letters of a column: 1 is A, 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _hints(
    hints: Iterable[tuple[str, str]],
    cells: Mapping[int, Cell],
    found: Mapping[int, Column],
    columns: Sequence[Column],
) -> list[str]:
    known_sheets = {_key(text) for text in _in_every_language(HELP_SHEET)}
    out = [
        HINTS[code] % {"detail": detail}
        for code, detail in hints
        if code in HINTS and not (code == "other_sheet" and _key(detail) in known_sheets)
    ]
    out += [
        HINTS["unknown_column"] % {"detail": cell[:60]}
        for number, cell in cells.items()
        if number not in found and isinstance(cell, str)
    ]
    present = {column.name for column in found.values()}
    out += [HINTS["absent_column"] % {"detail": column.label} for column in columns if column.name not in present]
    return [str(text) for text in out[:50]]


def _merged_cells(
    merged: Iterable[list[int]], header_line: int, found: Mapping[int, Column], last_line: int
) -> set[tuple[int, int]]:
    """Return the (line, column number) of every cell of the table that a merged range covers."""
    cells: set[tuple[int, int]] = set()
    for first_row, first_column, last_row, last_column in merged:
        if last_row <= header_line:
            continue
        numbers = [number for number in range(first_column, min(last_column, reader.COLUMNS) + 1) if number in found]
        for line in range(max(first_row, header_line + 1), min(last_row, last_line) + 1):
            cells.update((line, number) for number in numbers)
            if len(cells) > FAULTS_KEPT:
                return cells
    return cells


class _Choices:
    """The values of a column with a fixed list, by value and by label in every language."""

    def __init__(self, column: Column) -> None:
        self.by_key: dict[str, object] = {}
        for value, label in column.choices:
            for text in {str(value), *_in_every_language(label)}:
                self.by_key[_key(text)] = value
        self.labels = [label for _value, label in column.choices]

    def get(self, text: str) -> object:
        return self.by_key.get(_key(text))


def read(path: Path | str, register: Register) -> Reading:
    """Return the rows of the file at ``path``, each cell cleaned and checked; raises Unreadable."""
    raw, hints, merged = raw_rows(path)
    header, found = _find_header(raw, register.columns)
    header_line, header_cells = raw[header]
    body = [(line, cells) for line, cells in raw[header + 1 :] if any(number in found for number in cells)]
    if not body:
        raise Unreadable(REFUSALS["no_rows"], code="no_rows")
    if len(body) > register.rows_limit:
        raise Unreadable(REFUSALS["too_many_rows"], code="too_many_rows")
    reading = Reading(
        hints=_hints(hints, header_cells, found, register.columns),
        letters={column.name: letter(number) for number, column in found.items()},
    )
    choices = {column.name: _Choices(column) for column in register.columns if column.choices}
    covered = _merged_cells(merged, header_line, found, body[-1][0])
    for line, cells in body:
        row = Row(line, {})
        for number, column in found.items():
            if (line, number) in covered:
                reading.faults.append(
                    Fault(line, column.name, "", _("This is a merged cell."), _("Unmerge it and fill in every line."))
                )
                row.data[column.name] = None
                continue
            cell = cells.get(number)
            if cell is None:
                row.values[column.name] = ""
                continue
            value, reason, advice = _value(cell, column, choices.get(column.name))
            row.values[column.name] = value
            if reason:
                reading.faults.append(Fault(line, column.name, _shown(cell), reason, advice))
                row.data[column.name] = None
        reading.rows.append(row)
    return reading


def _shown(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell[1]) if cell[0] not in "fl" else ""


def _value(cell: Cell, column: Column, choices: _Choices | None) -> Judged:
    """Return (value, reason, advice) of a cell; reason is '' if the cell is valid."""
    kind, text = ("t", cell) if isinstance(cell, str) else (cell[0], cell[1])
    if kind == "f":
        return "", _("The cell contains a formula."), _("Copy it and paste it as a value.")
    if kind == "e":
        return "", _("The cell shows an Excel error."), _("Type the value itself.")
    if kind == "l":
        return "", _("The cell contains too much text."), _("Shorten it.")
    if kind == "g" or (kind == "t" and column.kind != Kind.TEXT and _SCIENTIFIC.match(text.strip())):
        return (
            "",
            _("Excel has shortened this number; its last digits are lost."),
            _("Format the column as text and type the number again."),
        )
    if kind == "t" and _CONTROLS.search(text):
        return "", _("The cell contains invisible characters."), _("Type the value again.")
    if column.kind == Kind.DATE:
        return _date_value(kind, text)
    if kind == "d" and column.kind in (Kind.CODE, Kind.NUMBER):
        return "", _("Excel has turned this cell into a date."), _("Format the column as text and type it again.")
    text = clean_code(text) if column.kind == Kind.CODE else clean_line(text)
    if choices is not None and text:
        value = choices.get(text)
        if value is None:
            labels = listed([str(label) for label in choices.labels[:12]])
            return "", _("This is not one of the allowed values."), _("Use one of: %(labels)s.") % {"labels": labels}
        return value, "", ""
    return text, "", ""


def _date_value(kind: str, text: str) -> Judged:
    text = unicodedata.normalize("NFKC", text).strip()
    match = _DATE.match(text) or (_DATE_DIGITS.match(text) if kind in ("t", "n") else None)
    if match is None:
        return "", _("This is not a date."), _("Write it like 1990-03-07.")
    year, month, day = (int(part) for part in match.groups())
    with contextlib.suppress(ValueError):
        found = date(year, month, day)
        if year >= 1900:
            return found, "", ""
        return "", _("The year is before 1900."), _("Check the year.")
    return "", _("This day does not exist."), _("Check month and day.")


def shape(reading: Reading, register: Register, progress: Callable[[int], object] | None = None) -> None:
    """Validate every row with the register's form; fills ``row.data`` and adds to ``reading.faults``.

    One form serves all rows: its fields, its ``clean_<name>`` and its ``clean`` are called as Django calls them,
    without building a new form with fields and widgets for each of many thousand rows.
    """
    form = register.form_class(data={})
    fields = [(name, form.fields[name], getattr(form, f"clean_{name}", None)) for name in form.fields]
    helps = {column.name: column.help for column in register.columns}
    for index, row in enumerate(reading.rows):
        form.cleaned_data = {}
        form._errors = ErrorDict()  # type: ignore[attr-defined]  # as ``full_clean`` begins
        unread = set(row.data)
        for name, form_field, clean in fields:
            if name in unread:
                continue
            value = row.values.get(name, "")
            try:
                form.cleaned_data[name] = form_field.clean(value)
                if clean is not None:
                    form.cleaned_data[name] = clean()
            except ValidationError as error:
                form.add_error(name, error)
        try:
            changed = form.clean()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if changed is not None:
                form.cleaned_data = changed
        for name, messages in form.errors.items():
            column = name if name in helps and name != NON_FIELD_ERRORS else ""
            if column in unread:
                continue
            empty = column and row.values.get(column, "") == ""
            for message in messages:
                advice = _("Fill in the cell.") if empty else helps.get(column, "")
                reading.faults.append(Fault(row.line, column, str(row.values.get(column, "")), str(message), advice))
        row.data = {name: form.cleaned_data.get(name) for name, _field, _clean in fields}
        if progress is not None and index % 2000 == 0:
            progress(index)


def level_of(faults: Iterable[Fault], level: FaultLevel = FaultLevel.FAULT) -> int:
    """Return how many of ``faults`` have the level ``level``."""
    return sum(1 for fault in faults if fault.level == level)
