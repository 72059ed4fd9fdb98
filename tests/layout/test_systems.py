"""docs/systems.csv says of each system of the article how far it is built, and every link in it leads somewhere.

``works``: everything that its row of the article names can be used. ``thin``: a real part can be used from beginning to
end, and the note says what is missing. ``none``: nothing of it can be used yet.
"""

import ast
import csv
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings

from portal.statistics.registry import indicators
from tests.layout.addresses import addresses

ROOT = settings.BASE_DIR
TABLE = ROOT / "docs" / "systems.csv"
COLUMNS = ["id", "system", "area", "state", "urls", "models", "indicators", "tests", "note"]
STATES = {"works", "thin", "none"}
AREAS = {"MM", "RT", "NR", "CC", "IN", "PT"}
# The systems of the article by organisation, in its order.
PARTS = {"H": 10, "S": 12, "G": 8, "C": 9, "L": 8, "Z": 11}
IDS = [f"{letter}{number}" for letter, last in PARTS.items() for number in range(1, last + 1)]
NO_CODE = "-"
# The codes of the indicators that women's committees report about a system. A system that works names each of them, or
# codes that begin with it; one that is not listed has no code and may give "-".
REPORTED = {
    "H1": "MM01 MM02 MM03 MM04",
    "H5": "MM04 MM07",
    "H9": "MM05 MM06",
    "S1": "RT14",
    "S2": "RT01 RT02 RT03 RT04 RT05",
    "S3": "RT11 RT12 RT13",
    "S4": "RT06 RT07 RT08 RT09 RT10",
    "S5": "RT17",
    "S6": "RT15",
    "S8": "RT16",
    "S9": "NR01 NR02 NR03 NR07",
    "S11": "CC01 CC02 CC03 CC04 CC08",
    "S12": "CC05 CC06 CC07",
    "G2": "IN02",
    "G4": "IN01 IN03",
    "G5": "IN07 IN08 IN09",
    "G6": "IN04 IN05 IN06",
    "C4": "ORG02b ORG03 ORG04 ORG05",
    "C5": "ORG08",
    "C7": "PT02",
    "L1": "NR01",
    "L3": "NR04",
    "L4": "NR05 NR06",
    "L7": "CC03",
    "L8": "PT01",
    "Z1": "ORG02b",
    "Z3": "PT04",
    "Z8": "PT03",
    "Z11": "PT06",
}


def table():
    """Return the rows of docs/systems.csv as dicts."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def url_names():
    return {address.name for address in addresses()}


@cache
def functions_of(path):
    """Return the names of the test functions and methods in the file at ``path``; None if there is no such file."""
    file = ROOT / path
    if not path.startswith("tests/") or not file.is_file():
        return None
    tree = ast.parse(file.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]
    nodes = [node for body in (tree.body, *(one.body for one in classes)) for node in body]
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def models():
    return {model._meta.label for model in apps.get_models()}


def faults(rows):
    """Return a sentence for everything that is wrong with ``rows``."""
    if not rows or list(rows[0]) != COLUMNS:
        return [f"The columns are {', '.join(COLUMNS)}."]
    found = [f"{row['id']}: the row has more or fewer cells than there are columns." for row in rows if _torn(row)]
    if found:
        return found
    given = [row["id"] for row in rows]
    found += [f"{one} has {given.count(one)} rows; each system has one." for one in IDS if given.count(one) != 1]
    found += [f"{one} is no system of the article." for one in given if one not in IDS]
    if not found and given != IDS:
        found.append("The systems do not stand in the order of the article: H, S, G, C, L, Z.")
    for row in rows:
        found += [f"{row['id']}: {fault}" for fault in (*_about(row), *_dead_links(row), *_missing(row))]
    return found


def _torn(row):
    return None in row or None in row.values()


def _about(row):
    if not row["system"].strip():
        yield "the system has no name."
    if not row["area"].split() or not set(row["area"].split()) <= AREAS:
        yield f"the area is one or more of {', '.join(sorted(AREAS))}, not “{row['area']}”."
    if row["state"] not in STATES:
        yield f"the state is works, thin or none, not “{row['state']}”."


def _codes(row):
    return [code for code in row["indicators"].split() if code != NO_CODE]


def _dead_links(row):
    for name in row["urls"].split():
        if name not in url_names():
            yield f"no address has the name {name}."
    for label in row["models"].split():
        if label not in models():
            yield f"there is no model {label}; write it as app_label.ModelName."
    for code in _codes(row):
        if code not in indicators():
            yield f"no indicator has the code {code}."
    for link in row["tests"].split():
        path, _separator, name = link.partition("::")
        functions = functions_of(path)
        if functions is None:
            yield f"there is no file of tests {path}."
        elif not functions:
            yield f"{path} has no test function."
        elif name and name not in functions:
            yield f"{path} has no test {name}."


def _missing(row):
    """Yield what a system that works, or works in part, does not link to."""
    if row["state"] not in ("works", "thin"):
        return
    for column, one in (("urls", "address"), ("models", "model"), ("tests", "test")):
        if not row[column].split():
            yield f"a system that is “{row['state']}” names at least one {one}."
    if not row["indicators"].split():
        yield f"a system that is “{row['state']}” names its indicators, or gives “{NO_CODE}” with a note."
    elif not _codes(row) and not row["note"].strip():
        yield f"“{NO_CODE}” in place of indicators needs a note: what counts it, or what is missing."
    if row["state"] == "thin" and not row["note"].strip():
        yield "the note of a thin system says what is missing."
    if row["state"] == "works":
        for code in REPORTED.get(row["id"], "").split():
            if not any(given.startswith(code) for given in _codes(row)):
                yield f"women's committees report {code} about it, so it does not work without this indicator."


def test_every_system_of_the_article_has_its_row_and_every_link_leads_somewhere():
    assert "\n".join(faults(table())) == ""


def test_there_are_58_systems():
    assert len(IDS) == 58
    assert REPORTED.keys() <= set(IDS)


def planted(**cells):
    """Return the table with some cells of H1 replaced."""
    return [{**row, **cells} if row["id"] == "H1" else row for row in table()]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"system": " "}, "the system has no name"),
        ({"area": "XX"}, "the area is one or more of"),
        ({"area": ""}, "the area is one or more of"),
        ({"state": "done"}, "the state is works, thin or none"),
        ({"urls": "matchmaking:event-list matchmaking:nowhere"}, "no address has the name matchmaking:nowhere"),
        ({"models": "matchmaking.Nothing"}, "there is no model matchmaking.Nothing"),
        ({"models": "matchmaking.matchevent"}, "there is no model matchmaking.matchevent"),
        ({"indicators": "MM01 MM02 MM03 MM04 MM99"}, "no indicator has the code MM99"),
        ({"tests": "tests/matchmaking/test_nothing.py"}, "there is no file of tests"),
        ({"tests": "matchmaking/report.py"}, "there is no file of tests"),
        ({"tests": "tests/matchmaking/canaries.py"}, "has no test function"),
        ({"tests": "tests/matchmaking/test_series.py::test_nothing"}, "has no test test_nothing"),
        ({"tests": "tests/matchmaking/test_series.py::make"}, "has no test make"),
        ({"urls": ""}, "names at least one address"),
        ({"models": ""}, "names at least one model"),
        ({"tests": ""}, "names at least one test"),
        ({"indicators": ""}, "names its indicators"),
        ({"indicators": "MM01 MM02 MM03"}, "women's committees report MM04"),
        ({"indicators": "-", "note": "Not counted."}, "women's committees report MM01"),
        ({"state": "thin", "urls": ""}, "names at least one address"),
        ({"state": "thin", "models": ""}, "names at least one model"),
        ({"state": "thin", "tests": ""}, "names at least one test"),
        ({"state": "thin", "indicators": "", "note": "Something is missing."}, "names its indicators"),
        ({"state": "thin", "indicators": "-", "note": ""}, "needs a note"),
        ({"state": "thin", "note": ""}, "says what is missing"),
        ({"state": "none", "urls": "matchmaking:nowhere"}, "no address has the name"),
        ({"note": None}, "more or fewer cells"),
    ],
)
def test_a_wrong_row_is_refused(cells, sentence):
    found = faults(planted(**cells))
    assert any(fault.startswith("H1: ") and sentence in fault for fault in found), found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rows: rows[1:], "H1 has 0 rows"),
        (lambda rows: [*rows, rows[0]], "H1 has 2 rows"),
        (lambda rows: [*rows, {**rows[0], "id": "H11"}], "H11 is no system of the article"),
        (lambda rows: rows[::-1], "order of the article"),
        (lambda rows: [], "The columns are"),
        (lambda rows: [{column: row[column] for column in COLUMNS[:-1]} for row in rows], "The columns are"),
    ],
)
def test_a_table_without_its_58_rows_is_refused(change, sentence):
    found = faults(change(table()))
    assert any(sentence in fault for fault in found), found


def test_a_system_that_is_none_needs_no_link():
    assert faults(planted(state="none", urls="", models="", indicators="", tests="", note="")) == []
