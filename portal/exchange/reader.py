"""Reads an untrusted .xlsx or .csv in its own process: ``python -I reader.py <path>``.

It prints JSON lines and imports neither Django nor anything of the portal, so that a hostile file can harm only this
process and finds no key in it. A line is a list whose first entry is its type:

    ["row", 7, {"1": "text", "3": ["n", "13812345678"]}]   cells by column number, without empty ones
    ["merged", [[3, 1, 4, 1]]]                              first row, first column, last row, last column
    ["hint", "hidden_sheet", "title"]                       something that was left out
    ["refuse", "zip_bomb", "detail"]                        the file is not read; earlier lines do not count
    ["end", 1200]                                           number of rows; without it the reading broke off

A cell is its text or a pair: "n" number, "g" number with more digits than Excel keeps, "d" date, "f" formula, "e" Excel
error, "b" boolean, "l" text that is too long (its length).
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import resource
import sys
import warnings
import zipfile
import zlib
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.worksheet._reader import WorkSheetParser

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO, Any

    # The text of a cell, or a list of its type and its content.
    Cell = str | list[Any]

MEMORY_BYTES = 256 * 1024 * 1024
CPU_SECONDS = 25
UNPACKED_BYTES = 50 * 1024 * 1024
RATIO = 100
RATIO_FROM_BYTES = 1024 * 1024
MEMBERS = 200
DIRECTORY_BYTES = 200 * 1024
ROWS = 20_000
COLUMNS = 60
CELL_CHARACTERS = 2_000
TEXT_CHARACTERS = 12_000_000
# Excel keeps 15 digits of a number; any further digits are lost before the file is saved.
SAFE_NUMBER = 10**15

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKS = (
    (codecs.BOM_UTF8, ("utf-8-sig",)),
    (codecs.BOM_UTF16_LE, ("utf-16",)),
    (codecs.BOM_UTF16_BE, ("utf-16",)),
)
KNOWN_STARTS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)


class Refused(Exception):
    """The file is refused; ``code`` is the reason."""

    def __init__(self, code: str, detail: object = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def _limit_self() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Printer:
    """Prints the lines and enforces the limits on rows and text."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream
        self.rows = 0
        self.characters = 0

    def put(self, *line: object) -> None:
        self.stream.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")

    def row(self, number: int, cells: Mapping[int, Cell]) -> None:
        """Print a row, unless it has no cells."""
        if not cells:
            return
        self.rows += 1
        if self.rows > ROWS:
            raise Refused("too_many_rows", ROWS)
        if max(cells) > COLUMNS:
            raise Refused("too_many_columns", COLUMNS)
        for cell in cells.values():
            self.characters += len(cell) if isinstance(cell, str) else 10
        if self.characters > TEXT_CHARACTERS:
            raise Refused("too_much_text")
        self.put("row", number, {str(column): cell for column, cell in cells.items()})


def _text_cell(text: str) -> Cell:
    if len(text) > CELL_CHARACTERS:
        return ["l", len(text)]
    if text.lstrip().startswith(("=", "\uff1d")):
        return ["f", ""]
    return text.encode("utf-8", "replace").decode()


def _number_cell(value: float) -> Cell:
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return ["e", "#NUM!"]
        if value.is_integer() and abs(value) < 1e300:
            value = int(value)
        else:
            return ["n", format(value, ".15g")]
    if abs(value) >= SAFE_NUMBER:
        return ["g", str(value)[:40]]
    return ["n", str(value)]


def cell_of(value: object, data_type: str) -> Cell | None:
    """Return the cell to print for a value that openpyxl read; None for an empty cell."""
    if data_type == "f":
        return ["f", ""]
    if value is None:
        return None
    if data_type == "e":
        return ["e", str(value)[:40]]
    if isinstance(value, bool):
        return ["b", "TRUE" if value else "FALSE"]
    if isinstance(value, (int, float)):
        return _number_cell(value)
    if isinstance(value, datetime):
        return ["d", value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    text = str(value)
    return _text_cell(text) if text.strip() else None


def _check_directory(stream: IO[bytes]) -> None:
    """Refuse a zip whose directory is itself too large to read."""
    stream.seek(0, os.SEEK_END)
    start = max(stream.tell() - 66_000, 0)
    stream.seek(start)
    tail = stream.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) < found + 22:
        raise Refused("damaged")
    members = int.from_bytes(tail[found + 10 : found + 12], "little")
    size = int.from_bytes(tail[found + 12 : found + 16], "little")
    if members > MEMBERS or size > DIRECTORY_BYTES:
        raise Refused("zip_bomb", "members")


def check_archive(stream: IO[bytes]) -> None:
    """Check a zipped workbook before its rows are read; raises Refused.

    The sizes in the zip directory are checked before anything is unpacked; then only the content types and the first
    bytes of the XML files are.
    """
    _check_directory(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("damaged") from None
    with archive:
        members = archive.infolist()
        if len(members) > MEMBERS:
            raise Refused("zip_bomb", "members")
        if sum(member.file_size for member in members) > UNPACKED_BYTES:
            raise Refused("zip_bomb", "size")
        names = set()
        for member in members:
            if member.file_size > RATIO_FROM_BYTES and member.file_size > RATIO * max(member.compress_size, 1):
                raise Refused("zip_bomb", "ratio")
            if member.flag_bits & 0x1:
                raise Refused("protected")
            if member.filename in names:
                raise Refused("damaged")
            names.add(member.filename)
        if "[Content_Types].xml" in names and archive.getinfo("[Content_Types].xml").file_size > RATIO_FROM_BYTES:
            raise Refused("damaged")
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise Refused("no_workbook")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Refused("macros")
        types = _opened(archive, "[Content_Types].xml", RATIO_FROM_BYTES)
        if b"macroEnabled" in types:
            raise Refused("macros")
        if b"ms-excel.sheet.binary" in types:
            raise Refused("old_excel")
        for member in members:
            is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
            if is_xml and b"<!DOCTYPE" in _opened(archive, member.filename, 4096).replace(b"\x00", b""):
                raise Refused("damaged")


def _opened(archive: zipfile.ZipFile, name: str, length: int) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(length)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        raise Refused("damaged") from None


def read_workbook(stream: IO[bytes], printer: Printer) -> None:
    """Print the first visible sheet of a workbook, whatever dimension it declares."""
    warnings.simplefilter("ignore")
    try:
        # Passed as a stream, because openpyxl checks the suffix of a path and stored files have none.
        book = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "_get_source")]
        visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
        for sheet in sheets:
            if sheet.sheet_state != "visible":
                printer.put("hint", "hidden_sheet", _text(sheet.title))
        if not visible:
            raise Refused("no_sheet")
        for sheet in visible[1:]:
            printer.put("hint", "other_sheet", _text(sheet.title))
        sheet = visible[0]
        with sheet._get_source() as source:
            # The parser below openpyxl's own read-only mode: it returns the cells that exist, so that neither a wrong
            # dimension nor a cell in the far corner of the sheet makes it pad or drop rows; it also reports merged
            # cells.
            parser = WorkSheetParser(
                source,
                sheet._shared_strings,
                data_only=False,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for number, found in parser.parse():
                cells = {}
                for found_cell in found:
                    cell = cell_of(found_cell["value"], found_cell["data_type"])
                    if cell is not None:
                        cells[found_cell["column"]] = cell
                printer.row(number, cells)
            merged = parser.merged_cells.mergeCell if parser.merged_cells else ()
            printer.put("merged", [[r.min_row, r.min_col, r.max_row, r.max_col] for r in list(merged)[:5000]])
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise Refused("damaged", type(error).__name__) from None


def _text(value: object) -> str:
    return str(value)[:60].encode("utf-8", "replace").decode()


def _decode(data: bytes) -> str:
    encodings = next((found for mark, found in MARKS if data.startswith(mark)), ("utf-8", "gb18030"))
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def read_text(data: bytes, printer: Printer) -> None:
    """Print the rows of a CSV file.

    The file is in UTF-8, UTF-16 with a byte order mark, or GB18030; columns are separated by comma, semicolon or tab.
    """
    text = _decode(data)
    start = text[:512].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<svg", "{\\rtf")):
        raise Refused("no_table")
    controls = sum(1 for character in text[:4096] if character < " " and character not in "\t\r\n")
    if controls > 40:
        raise Refused("no_table")
    first = next((line for line in text.splitlines()[:20] if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(1_000_000)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    try:
        for fields in lines:
            number += 1
            cells = {}
            for column, value in enumerate(fields, start=1):
                if value.strip():
                    cells[column] = _text_cell(value)
            printer.row(number, cells)
    except csv.Error:
        raise Refused("no_table", number) from None


def glance(stream: IO[bytes]) -> str:
    """Return "workbook" or "text" by the first bytes of an open file; raises Refused for other files."""
    stream.seek(0)
    head = stream.read(16)
    if not head.strip(b"\x00 \r\n\t"):
        raise Refused("empty")
    for start, kind in KNOWN_STARTS:
        if head.startswith(start):
            raise Refused("wrong_kind", kind)
    if head.startswith(OLE):
        rest = stream.read(16 * 1024 * 1024)
        raise Refused("protected" if "EncryptedPackage".encode("utf-16-le") in rest else "old_excel")
    if head.startswith(b"PK"):
        check_archive(stream)
        return "workbook"
    return "text"


def read(path: str, printer: Printer) -> None:
    """Find out the type of the file from its content and print its rows."""
    with Path(path).open("rb") as stream:
        kind = glance(stream)
        stream.seek(0)
        if kind == "workbook":
            read_workbook(stream, printer)
            return
        data = stream.read(UNPACKED_BYTES + 1)
    if len(data) > UNPACKED_BYTES:
        raise Refused("too_much_text")
    read_text(data, printer)


def main(path: str) -> None:
    """Read ``path`` within the limits of this process and print its lines.

    A refusal is printed as a line; it is not an exit code.
    """
    _limit_self()
    stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", write_through=False)
    printer = Printer(stream)
    try:
        read(path, printer)
    except Refused as refusal:
        printer.put("refuse", refusal.code, refusal.detail)
    except MemoryError:
        # The memory is free again once the frames are left; a short line can be printed.
        printer.put("refuse", "too_large", "")
    else:
        if printer.rows:
            printer.put("end", printer.rows)
        else:
            printer.put("refuse", "empty", "")
    stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
