"""Property 42 in short: markup in every text field is text on every page.

The long form is drills/test_stored_xss.py.
"""

import pytest

from tests.hostile.scripts import PAYLOADS, Looker, Scene, everyones_pages

ROUNDS = (PAYLOADS[5],)


@pytest.fixture(scope="module")
def scene(stack):
    return Scene(stack)


def test_markup_is_text_everywhere(stack, scene, open_page, watch):
    watch.allow("status of 4")
    people = {name: Looker(open_page(), visitor, stack.url) for name, visitor in scene.at.items()}
    missing = []
    for number, words in enumerate(ROUNDS):
        for who, path, *texts in scene.round(number, words):
            missing += [(who, *miss) for miss in people[who].misses(path, texts or [words])]
    for who, path in everyones_pages():
        people[who].look(path)
    # Markup is not a web address.
    assert [name for name, *_rest in scene.refused] == ["matchmaking:release-create"], scene.refused
    assert missing == []
    assert [one.fired + one.planted for one in people.values() if one.fired or one.planted] == []
    assert [one.away for one in people.values() if one.away] == []
    assert sum(one.seen for one in people.values()) > 60
