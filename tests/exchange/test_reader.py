"""The child process: what it reads and refuses, and that a hostile file harms only this process."""

import json
import random
import subprocess
import sys

import pytest
from openpyxl.worksheet.table import Table

from portal.exchange import reader
from portal.exchange.reading import Unreadable, raw_rows
from tests.exchange import files

ROWS = [["name", "phone"], ["王小明", "12000000001"], ["李四", 13812345678.0]]


def raw(tmp_path, data, name="0a1b2c"):
    path = tmp_path / name
    path.write_bytes(data)
    return raw_rows(path)


def refusal(tmp_path, data):
    with pytest.raises(Unreadable) as caught:
        raw(tmp_path, data)
    return caught.value.code


def cells(tmp_path, data):
    return [row for _line, row in raw(tmp_path, data)[0]]


def test_a_workbook_is_read(tmp_path):
    rows, hints, merged = raw(tmp_path, files.xlsx(ROWS))
    assert rows == [
        (1, {1: "name", 2: "phone"}),
        (2, {1: "王小明", 2: "12000000001"}),
        (3, {1: "李四", 2: ["n", "13812345678"]}),
    ]
    assert hints == []
    assert merged == []


@pytest.mark.parametrize("dimension", ["A1:B2", "A1", "A1:XFD1048576"])
def test_a_wrong_dimension_loses_no_row(tmp_path, dimension):
    assert len(cells(tmp_path, files.with_dimension(files.xlsx(ROWS), dimension))) == 3


def test_a_far_cell_is_refused_at_once(tmp_path):
    data = files.with_cells(files.xlsx(ROWS), '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert refusal(tmp_path, data) == "too_many_columns"


def test_a_far_row_is_read_where_it_stands(tmp_path):
    data = files.with_cells(files.xlsx(ROWS), '<row r="1048576"><c r="A1048576" t="str"><v>x</v></c></row>')
    assert raw(tmp_path, data)[0][-1] == (1048576, {1: "x"})


def test_empty_rows_cost_nothing(tmp_path):
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(10, 200_000))
    assert len(cells(tmp_path, files.with_cells(files.xlsx(ROWS), empty))) == 3


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<c r="A9"><f>1+1</f><v>2</v></c>', ["f", ""]),
        ('<c r="A9" t="str"><v>=cmd()</v></c>', ["f", ""]),
        ('<c r="A9" t="e"><v>#N/A</v></c>', ["e", "#N/A"]),
        ('<c r="A9" t="b"><v>1</v></c>', ["b", "TRUE"]),
        ('<c r="A9"><v>2.30103199003071E+17</v></c>', ["g", "230103199003071008"]),
        ('<c r="A9"><v>0.1</v></c>', ["n", "0.1"]),
        ('<c r="A9" t="d"><v>1990-03-07</v></c>', ["d", "1990-03-07"]),
        ('<c r="A9" t="inlineStr"><is><t>直接</t></is></c>', "直接"),
        (f'<c r="A9" t="str"><v>{"长" * 2001}</v></c>', ["l", 2001]),
    ],
)
def test_every_kind_of_cell_has_its_mark(tmp_path, markup, expected):
    data = files.with_cells(files.xlsx(ROWS), f'<row r="9">{markup}</row>')
    assert cells(tmp_path, data)[-1] == {1: expected}


def test_hidden_and_further_sheets_are_named_and_not_read(tmp_path):
    def change(book, sheet):
        hidden = book.create_sheet("旧名册", 0)
        hidden.append(["secret"])
        hidden.sheet_state = "hidden"
        book.create_sheet("Notes").append(["note"])

    rows, hints, _merged = raw(tmp_path, files.xlsx(ROWS, change=change))
    assert rows[0][1] == {1: "name", 2: "phone"}
    assert hints == [("hidden_sheet", "旧名册"), ("other_sheet", "Notes")]


def test_merged_cells_are_told(tmp_path):
    data = files.xlsx(ROWS, change=lambda book, sheet: sheet.merge_cells("A2:A3"))
    assert raw(tmp_path, data)[2] == [[2, 1, 3, 1]]


def test_a_table_and_a_comment_do_no_harm(tmp_path):
    def change(book, sheet):
        sheet.add_table(Table(displayName="List", ref="A1:B3"))

    assert len(cells(tmp_path, files.xlsx(ROWS, change=change))) == 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("姓名,手机\n王小明,12000000001\n", "utf-8"),
        ("姓名,手机\r\n王小明,12000000001\r\n", "utf-8-sig"),
        ("姓名,手机\n王小明,12000000001\n", "gb18030"),
        ("姓名\t手机\n王小明\t12000000001\n", "utf-16"),
        ("姓名;手机\n王小明;12000000001\n", "utf-8"),
    ],
)
def test_a_csv_is_read_in_every_usual_encoding(tmp_path, text, encoding):
    expected = [{1: "姓名", 2: "手机"}, {1: "王小明", 2: "12000000001"}]
    assert cells(tmp_path, text.encode(encoding)) == expected


def test_a_csv_formula_is_a_formula(tmp_path):
    assert cells(tmp_path, b"a,b\n=1+1,\xef\xbc\x9dcmd()\n")[1] == {1: ["f", ""], 2: ["f", ""]}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (files.xlsx([]), "empty"),
        (files.OLE, "old_excel"),
        (files.OLE + "EncryptedPackage".encode("utf-16-le"), "protected"),
        (files.PDF, "wrong_kind"),
        (files.png_header(10, 10), "wrong_kind"),
        (b"<html><table></table></html>", "no_table"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (files.xlsx(ROWS)[:-40], "damaged"),
        (files.xlsx(ROWS)[:200] + files.xlsx(ROWS)[220:], "damaged"),
        (files.with_member(files.xlsx(ROWS), "xl/vbaProject.bin", b"x"), "macros"),
        (b"\xff\xfe\x00", "encoding"),
        (b"\x81\x00\x81\xff\xff", "encoding"),
        (bytes(range(1, 32)) * 20, "no_table"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path, data, code):
    assert refusal(tmp_path, data) == code


def test_an_archive_that_is_no_workbook_is_refused(tmp_path):
    data = files.with_member(b"", "readme.txt", "hello")
    assert refusal(tmp_path, data) == "no_workbook"


def test_entities_are_refused(tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert refusal(tmp_path, files.rewritten(files.xlsx(ROWS), files.SHEET, lambda _xml: bomb)) == "damaged"


def test_a_zip_bomb_is_refused(tmp_path):
    assert refusal(tmp_path, files.zip_bomb()) == "zip_bomb"


def test_a_tightly_packed_member_is_refused(tmp_path):
    data = files.rewritten(files.xlsx(ROWS), files.SHEET, lambda xml: xml + b" " * (5 * 1024 * 1024))
    assert refusal(tmp_path, data) == "zip_bomb"


def test_too_many_members_are_refused(tmp_path):
    data = files.xlsx(ROWS)
    for number in range(200):
        data = files.with_member(data, f"xl/media/{number}.bin", b"")
    assert refusal(tmp_path, data) == "zip_bomb"


def test_a_string_of_500_mb_is_refused(tmp_path):
    data = files.heavy_string()
    assert len(data) < 1024 * 1024
    assert refusal(tmp_path, data) == "zip_bomb"


def test_too_many_rows_are_refused(tmp_path):
    data = "\n".join(["name,phone", *["x,1"] * reader.ROWS]).encode()
    assert refusal(tmp_path, data) == "too_many_rows"


def test_too_much_text_is_refused(tmp_path):
    # 40 MB that compress badly pass the check of the upload and reach the limit of the text.
    letters = [chr(number) for number in range(0x4E00, 0x9000)]
    chance = random.Random(1)
    rows = "".join(
        f'<row><c t="str"><v>{"".join(chance.choices(letters, k=1000))}</v></c></row>' for _n in range(12_500)
    )
    assert refusal(tmp_path, files.with_cells(files.xlsx(ROWS), rows)) == "too_much_text"


def test_the_process_stops_at_its_limits(tmp_path):
    """The limits themselves are tested: an allocation beyond them fails in the child, not in the worker."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import reader; reader._limit_self()\n"
        "try:\n    bytearray(reader.MEMORY_BYTES)\nexcept MemoryError:\n    print('stopped')\n"
    )
    folder = str(reader.__file__).rpartition("/")[0]
    run = subprocess.run(
        [sys.executable, "-c", script, folder], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.stdout.strip() == "stopped"


def test_the_reader_stands_alone(tmp_path):
    """The reader prints JSON lines and imports neither the portal's code nor Django.

    A hostile file could reach such code.
    """
    path = tmp_path / "list.csv"
    path.write_bytes("姓名,手机\n王小明,1\n".encode())
    script = (
        "import runpy, sys, os; os._exit = lambda code: None; program = sys.argv.pop(1)\n"
        "runpy.run_path(program, run_name='__main__')\n"
        "assert not {'django', 'portal'} & set(sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", script, reader.__file__, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert [json.loads(line)[0] for line in run.stdout.splitlines()] == ["row", "row", "end"]
