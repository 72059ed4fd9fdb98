"""Property 35: nothing in an export is executed by a spreadsheet.

LibreOffice opens and recalculates both formats. The planted failure: the same cells written without the guard, which
LibreOffice computes.
"""

import csv
import io
import shutil
import subprocess

import pytest
from openpyxl import Workbook, load_workbook

from portal.exchange.export import write_csv, write_xlsx

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "  =1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1,1)",
    '=HYPERLINK("http://example.org","x")',
    "=cmd|' /C calc'!A0",
    '=WEBSERVICE("http://example.org")',
)
NUMBERS = ("110101199003078518", "12000000001", "000123")
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: libreoffice-calc-nogui")
COLUMNS = [("Name", "text")]


class Row:
    def __init__(self, text):
        self.text = text


def recalculated(path, form="xlsx"):
    """Open a file in LibreOffice, recalculate it and save it.

    Returns {cell: (kind, value)} of the last sheet as saved.
    """
    out = path.parent / "out"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", form, "--outdir", str(out), str(path)]
    subprocess.run(command, capture_output=True, check=True, timeout=240)
    sheet = load_workbook(out / f"{path.stem}.{form}").worksheets[-1]
    return {cell.coordinate: (cell.data_type, cell.value) for row in sheet.iter_rows() for cell in row}


def written(writer):
    stream = io.BytesIO()
    rows = [Row(text) for text in (*FORMULAS, *NUMBERS)]
    writer(stream, title="x", cover=[("=1+1", "=2+2")], columns=COLUMNS, rows=rows)
    return stream.getvalue()


@needs_office
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_nothing_is_computed(measured, tmp_path, form):
    path = tmp_path / f"list.{form}"
    path.write_bytes(written({"xlsx": write_xlsx, "csv": write_csv}[form]))
    cells = recalculated(path)
    formulas = [name for name, (kind, _value) in cells.items() if kind == "f"]
    computed = [value for _kind, value in cells.values() if value in (0, 2, "0", "2")]
    texts = {str(value).lstrip("'") for _kind, value in cells.values() if value is not None}
    measured(form=form, cells=len(cells), formulas=len(formulas), computed=len(computed))
    assert (formulas, computed) == ([], [])
    assert set(NUMBERS) <= texts


def unguarded(path):
    """Write the formulas as an export without the guard would."""
    if path.suffix == ".csv":
        with open(path, "w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([[text.replace("\x00", "")] for text in FORMULAS])
        return
    book = Workbook()
    for text in FORMULAS:
        book.active.append([text.replace("\x00", "")])
    book.save(path)


@needs_office
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_control_without_the_guard_it_is(measured, tmp_path, form):
    path = tmp_path / f"list.{form}"
    unguarded(path)
    cells = recalculated(path)
    formulas = [name for name, (kind, _value) in cells.items() if kind == "f"]
    measured(form=form, formulas=len(formulas))
    assert len(formulas) >= 2
