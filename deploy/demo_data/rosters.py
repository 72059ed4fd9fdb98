"""Rosters as workbooks: a correct one, and one with wrong rows of all kinds."""

import io

from openpyxl import Workbook

COLUMNS = ("unit", "name", "sex", "identity_number", "phone", "marital_status")


def rows_of(singles):
    """Return the rows of a roster as dicts by column name, with sex and marital status as portal values."""
    return [
        {
            "unit": single.unit.name,
            "name": single.person.name,
            "sex": single.person.sex,
            "identity_number": single.person.identity,
            "phone": single.person.phone,
            "marital_status": "single",
        }
        for single in singles
    ]


def spoil(rows):
    """Return a copy of ``rows`` with twenty wrong rows among them, each wrong in a different way."""
    spoiled = [dict(row) for row in rows]
    step = max(len(rows) // 21, 1)
    places = [step * number for number in range(1, 21)]
    if places[-1] >= len(rows):
        raise ValueError("too few rows to spoil twenty of them")
    first = rows[0]
    for place, (column, change) in zip(places, _faults(first), strict=True):
        spoiled[place][column] = change(spoiled[place][column])
    return spoiled


def _faults(first):
    """Return (column, change of the cell) for each wrong row."""
    return [
        ("identity_number", lambda number: number[:-1] + ("1" if number[-1] != "1" else "2")),  # check digit
        ("identity_number", lambda number: number[:-1]),  # 17 characters
        ("identity_number", lambda number: f"{number[:10]}0230{number[14:]}"),  # 30 February
        ("identity_number", lambda number: f"{number[:6]}2099{number[10:]}"),  # not born yet
        ("identity_number", lambda number: int(number.replace("X", "0"))),  # a number cell: Excel drops digits
        ("identity_number", lambda number: first["identity_number"]),  # twice in the file
        ("identity_number", lambda number: ""),
        ("phone", lambda phone: first["phone"]),  # twice in the file
        ("phone", lambda phone: phone[:-1]),  # ten digits
        ("phone", lambda phone: "0451-00000000"),  # a landline
        ("phone", lambda phone: "没有手机"),
        ("unit", lambda unit: f"{unit}分会"),  # no such unit
        ("unit", lambda unit: "示例外省商贸公司工会"),  # another province's unit
        ("unit", lambda unit: ""),
        ("name", lambda name: ""),
        ("name", lambda name: name * 100),  # 300 characters
        ("name", lambda name: '=CONCATENATE("示","例")'),  # a formula
        ("sex", lambda sex: "male" if sex == "female" else "female"),  # does not fit the identity number
        ("sex", lambda sex: "不详"),
        ("marital_status", lambda status: "保密"),
    ]


def workbook(rows, *, headings, labels):
    """Return ``rows`` as the bytes of an .xlsx file.

    ``headings`` maps column names to headings, ``labels`` maps the portal's values to the words that people write.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名册")
    sheet.append([headings[column] for column in COLUMNS])
    for row in rows:
        sheet.append([labels.get(row[column], row[column]) or None for column in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
