"""Files as people send them, and hostile files."""

import io
import re
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook


def xlsx(rows, *, change=None):
    """Return a workbook with ``rows`` on its first sheet as bytes; ``change(book, sheet)`` may edit it."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(data, member, rewrite):
    """Return the archive ``data`` with ``rewrite(bytes) -> bytes`` applied to one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == member:
                content = rewrite(content)
            new.writestr(info.filename, content)
    return out.getvalue()


def with_member(data, name, content):
    """Return the archive ``data`` with one more member."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_cells(data, cells):
    """Return the workbook with raw ``<row>`` markup added after its last row."""
    return rewritten(data, SHEET, lambda xml: xml.replace(b"</sheetData>", cells.encode() + b"</sheetData>"))


def with_dimension(data, reference):
    """Return the workbook with a false dimension."""
    return rewritten(
        data, SHEET, lambda xml: re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{reference}"'.encode(), xml)
    )


def zip_bomb(megabytes=80):
    """Return a workbook whose sheet unpacks to ``megabytes`` of spaces."""
    return rewritten(xlsx([["name"]]), SHEET, lambda xml: xml + b" " * (megabytes * 1024 * 1024))


def heavy_string(megabytes=500):
    """Return a small workbook with one string of ``megabytes``, written in pieces."""
    base = xlsx([["name"], ["x"]])
    out = io.BytesIO()
    piece = b"A" * 1024 * 1024
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != "xl/sharedStrings.xml":
                new.writestr(info.filename, old.read(info))
        with new.open("xl/sharedStrings.xml", "w") as part:
            part.write(
                b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
            )
            for _number in range(megabytes):
                part.write(piece)
            part.write(b"</t></si><si><t>x</t></si></sst>")
    return out.getvalue()


def png_header(width, height):
    """Return a PNG that claims this size and contains no pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def upload(data, name="roster.xlsx"):
    """Return ``data`` as an uploaded file."""
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")
