"""Every action in the audit has a wording, so that no page shows its code."""

import ast
import re

from django.conf import settings

from portal.audit.wording import WORDS, words_of_actions
from portal.core.discovery import declared
from portal.core.roles import WORK_AREAS

CODE = re.compile(r"[a-z_-]+\.[a-z_-]+")
PARTS = ("portal", *(area.value for area in WORK_AREAS))


def _takers(tree):
    """Return {function name: position of its parameter ``action``} for the functions of a module."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            if "action" in names:
                found[node.name] = names.index("action")
    return found


def actions_in(source):
    """Return the literal action codes that a source passes to the audit, in any branch."""
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


def codes_of(part):
    files = (settings.BASE_DIR / part).glob("**/*.py")
    return {code for path in files for code in actions_in(path.read_text(encoding="utf-8"))}


def last(code):
    return code.rpartition(".")[2]


def test_every_action_has_words():
    """The wording is declared where the action is written.

    That is the area's own ``wording.py``, or the shared one.
    """
    own = {module.__name__.partition(".")[0]: module.WORDS for module in declared("wording")}
    codes = {part: codes_of(part) for part in PARTS}
    assert "nomination.ask" in codes["matchmaking"]
    assert "series.create" in codes["matchmaking"]
    silent = {code for part in PARTS for code in codes[part] if last(code) not in WORDS | own.get(part, {})}
    assert sorted(silent) == []


def test_the_shared_words_are_of_shared_actions():
    """An action that only an area writes is worded by that area."""
    assert sorted(set(WORDS) - {last(code) for code in codes_of("portal")}) == []


def test_no_action_is_worded_twice():
    """A second declaration would change the wording in the history of the other app."""
    assert sum(len(module.WORDS) for module in declared("wording")) == len(words_of_actions())
