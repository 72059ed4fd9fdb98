"""The shared packages name no area.

An area declares what it needs in modules of its own.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from portal.core.choices import Area
from portal.core.roles import WORK_AREAS

ROOT = Path(settings.BASE_DIR)
# The only files that may name an area, each with its reason.
MAY_NAME = {
    "portal/core/choices.py": "Area: what a duty opens",
    "portal/core/roles.py": "the role table",
    "portal/urls.py": "the root of the URLconf",
}
SETTINGS = "portal/settings/"
# Migrations keep what was true when they were written; a new migration names no area.
OLD_MIGRATIONS = {
    "portal/exchange/migrations/0002_exports.py": "the areas of that day",
    "portal/members/migrations/0001_first.py": "the roles of that day",
    "portal/members/migrations/0009_proofs.py": "the roles of that day",
}
# Files that all areas share: portal/, and the templates and static files that belong to no area.
SHARED = ("portal", "templates", "static")
WORDS = [area.value for area in WORK_AREAS if area is not Area.RIGHTS]
# "rights" is also an English word, so it counts as an area only where it is written as one.
NAMED = re.compile(
    rf"\b(?:{'|'.join(WORDS)})\b"
    rf"|\bArea\.(?:{'|'.join(area.name for area in WORK_AREAS)})\b"
    rf"|(?P<quote>[\"'`])rights(?:(?P=quote)|[.:][a-z_])",
    re.IGNORECASE,
)


def named_in(text):
    """Return the lines of ``text`` that name an area, each with its line number."""
    return [f"{number}: {line.strip()}" for number, line in enumerate(text.splitlines(), 1) if NAMED.search(line)]


def shared_files():
    for top in SHARED:
        for path in sorted((ROOT / top).rglob("*")):
            name = path.relative_to(ROOT)
            of_an_area = len(name.parts) > 1 and name.parts[1] in {area.value for area in WORK_AREAS}
            if path.is_file() and not of_an_area and not {"__pycache__", "vendor"} & set(name.parts):
                yield name.as_posix(), path


@pytest.mark.parametrize(
    "line",
    ["from matchmaking import x", "Area.RIGHTS", "{'rights'}", '"rights.case"', "`rights:case`", "# of childcare."],
)
def test_a_name_is_seen(line):
    assert named_in(line)


@pytest.mark.parametrize("line", ["the rights of a role", "rights.items()", "MATCHMAKING_ASKS_PER_DAY", "innovations"])
def test_an_english_word_is_no_name(line):
    assert named_in(line) == []


def test_the_shared_packages_name_no_area():
    found = {
        name: lines
        for name, path in shared_files()
        if name not in MAY_NAME | OLD_MIGRATIONS and not name.startswith(SETTINGS)
        if (lines := named_in(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}


def test_the_lists_name_what_names_an_area():
    files = dict(shared_files())
    assert [name for name in MAY_NAME | OLD_MIGRATIONS if not named_in(files[name].read_text(encoding="utf-8"))] == []
