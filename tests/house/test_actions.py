"""Every action of the audit has words: no page shows its code."""

import ast
import re
from pathlib import Path

from django.conf import settings

from portal.audit.wording import WORDS

CODE = re.compile(r"[a-z_-]+\.[a-z_-]+")
PARTS = ("portal", "matchmaking", "rights", "nursing_rooms", "childcare", "innovation")


def _takers(tree):
    """Return the positions of a parameter ``action`` by the names of the module's own functions."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            if "action" in names:
                found[node.name] = names.index("action")
    return found


def actions_in(source):
    """Return the codes that a source gives to the audit as they stand, in any branch."""
    if "action" not in source:
        return set()
    tree = ast.parse(source)
    takers = _takers(tree)
    values = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            values += [keyword.value for keyword in node.keywords if keyword.arg == "action"]
            place = takers.get(getattr(node.func, "id", ""))
            values += node.args[place : place + 1] if place is not None else []
    constants = [one.value for value in values for one in ast.walk(value) if isinstance(one, ast.Constant)]
    return {code for code in constants if isinstance(code, str) and CODE.fullmatch(code)}


def test_codes_are_found_wherever_they_are_given():
    source = "def f(a, action): g(action=action)\nf(1, 'x.one')\ng(action='x.two' if a else 'x.three')"
    assert actions_in(source) == {"x.one", "x.two", "x.three"}


def test_every_action_has_words():
    root = Path(settings.BASE_DIR)
    codes = {
        code
        for part in PARTS
        for path in root.glob(f"{part}/**/*.py")
        for code in actions_in(path.read_text(encoding="utf-8"))
    }
    assert "nomination.ask" in codes
    assert "series.create" in codes
    assert sorted(code for code in codes if code.rpartition(".")[2] not in WORDS) == []
