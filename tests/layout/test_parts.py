"""Filters and pages of lists replace the part of the page with the id ``list``; every page that has them has it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "templates"
REPLACES = re.compile(r'include "components/(filter_bar|pager)\.html"')
INCLUDES = re.compile(r'include "([\w/.]+\.html)"')
# Parts themselves: whoever includes or answers with them names the place.
PARTS = {"components/list_page.html", "components/table.html"}


def has_place(name, depth=2):
    """Return whether a template, or one that it includes, has the place."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return 'id="list"' in text or (depth and any(has_place(found, depth - 1) for found in INCLUDES.findall(text)))


def test_where_a_list_is_filtered_there_is_a_place_for_the_answer():
    names = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html")]
    using = [name for name in names if REPLACES.search((ROOT / name).read_text(encoding="utf-8"))]
    assert len(using) > 5
    assert [name for name in using if name not in PARTS and not has_place(name)] == []
