"""Everything in the tree is used.

Each finder also finds planted unused names (tests/layout/unused.py).
"""

import ast

import pytest
from django.template import engines

from portal.web.icons import known_icons
from tests.layout import unused

# Names that only tests use, and the test that uses each.
NAMED_ELSEWHERE = {
    "matchmaking/promises.py: PROMISES": "tests/attacks/test_promises.py keeps each of them",
    "portal/core/upgrading.py: faults_of": "tests/layout/test_upgrades.py judges migrations by it",
    "portal/messaging/texts.py: PART_CHARACTERS": "tests/layout/test_sms.py measures texts by it",
}


def own_tags():
    """Return the tags and filters of the project's own libraries."""
    found = []
    for library in ("portal_ui", "members_ui"):
        made = engines["django"].engine.template_libraries[library]
        found += [*made.tags, *made.filters]
    return found


def test_every_template_is_named():
    assert unused.unnamed_templates(unused.templates()) == []


@pytest.mark.parametrize(
    "planted",
    [
        {"members/nowhere_detail.html": ""},
        {"members/message_nowhere.txt": ""},
        {"members/nowhere.html": '{% include "members/_nowhere.html" %}', "members/_nowhere.html": ""},
    ],
)
def test_a_template_that_nothing_names_is_found(planted):
    assert unused.unnamed_templates(unused.templates() | planted) == sorted(planted)


def test_a_part_of_a_template_in_use_is_in_use():
    planted = {"web/landing.html": '{% include "web/_nowhere.html" %}', "web/_nowhere.html": ""}
    assert unused.unnamed_templates(unused.templates() | planted) == []


def test_every_icon_is_named_and_every_named_icon_is_there():
    """Every icon is used, and every icon that is used exists.

    An icon that is missing from the sprite shows as a dot, which no other test notices.
    """
    assert unused.unnamed_icons(known_icons()) == []
    assert sorted(unused.asked_icons() - known_icons()) == []
    assert set((unused.ROOT / "deploy/icons.txt").read_text(encoding="utf-8").split()) == known_icons()


def test_an_icon_that_nothing_names_is_found():
    assert unused.unnamed_icons(known_icons() | {"baby-carriage"}) == ["baby-carriage"]


@pytest.mark.parametrize("sheet", unused.STYLES)
def test_every_class_of_a_style_sheet_is_named(sheet):
    found = unused.unnamed_classes((unused.ROOT / sheet).read_text(encoding="utf-8"))
    assert set(found) <= {"htmx-request"}, "htmx sets this one alone"


def test_a_class_that_nothing_names_is_found():
    sheet = "/* .gone */ .card .nowhere-at-all:hover, .tone-good { color: #fff; }"
    assert unused.unnamed_classes(sheet) == ["nowhere-at-all"]


def test_every_tag_of_ours_is_named():
    assert unused.unnamed_tags(own_tags()) == []


def test_a_tag_that_nothing_names_is_found():
    assert unused.unnamed_tags([*own_tags(), "nowhere_at_all"]) == ["nowhere_at_all"]


def test_every_name_of_a_module_is_named_by_another_or_by_itself():
    assert unused.unnamed_definitions(unused.python()) == sorted(NAMED_ELSEWHERE)


@pytest.mark.parametrize(
    "planted",
    [
        {"portal/web/nowhere.py": "def unheard_of():\n    'unheard_of'"},
        {"portal/web/nowhere.py": "class unheard_of: pass"},
        {
            "portal/web/nowhere.py": "unheard_of = 1",
            "portal/web/__init__.py": "from portal.web.nowhere import unheard_of",
        },
    ],
)
def test_a_name_that_nothing_names_is_found(planted):
    trees = unused.python() | {path: ast.parse(text) for path, text in planted.items()}
    assert set(unused.unnamed_definitions(trees)) - set(NAMED_ELSEWHERE) == {"portal/web/nowhere.py: unheard_of"}
