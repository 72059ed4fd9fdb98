"""A hundred phones behind one address at the door of a room, one phone that reloads, and a script without storage.

The phones are browser contexts of one Chromium: each has its own cookies and its own storage.
"""

import re
import time

import pytest

from nursing_rooms.models import RoomDay
from tests.browser import PHONE
from tests.factories.nursing_rooms import make_plate, make_room
from tests.hostile.visitor import Visitor

PHONES = 100
# Seconds within which all phones have been told when to press.
TOLD = 45
PRESS = "document.querySelector('form[data-visit]').requestSubmit()"
PRESS_AT = f"moment => {{ setTimeout(() => {PRESS}, moment - Date.now()); }}"


@pytest.fixture(scope="module")
def doors(stack):
    """The addresses of the doors of three rooms."""
    with stack.orm():
        return [f"/nursing_rooms/room/{make_plate(make_room()).code}/" for _number in range(3)]


def taps(stack, door):
    """Return (visits, whether the day is marked) of the room behind a door today."""
    with stack.orm():
        code = door.rstrip("/").rpartition("/")[2]
        row = RoomDay.objects.filter(room__pk=room_of(code)).first()
        return (row.taps, row.marked) if row else (0, False)


def room_of(code):
    from portal.papers.selectors import certificate_by_code

    return certificate_by_code(code).about_id


def test_a_hundred_phones_behind_one_address_in_one_second(stack, doors, open_page, measured):
    pages = []
    for _number in range(PHONES):
        page = open_page(viewport=PHONE)
        page.goto(doors[0])
        pages.append(page)
    assert taps(stack, doors[0]) == (0, False)
    moment = (time.time() + TOLD) * 1000
    for page in pages:
        page.evaluate(PRESS_AT, moment)
    assert time.time() * 1000 < moment
    for page in pages:
        page.wait_for_url("**said=counted", timeout=2 * TOLD * 1000)
    # When each phone left the page, by its own clock; it is the clock of this machine.
    left = [page.evaluate("performance.timeOrigin") for page in pages]
    measured(pressed_within=f"{(max(left) - min(left)) / 1000:.2f} s")
    assert taps(stack, doors[0]) == (PHONES, False)
    assert max(left) - min(left) <= 1000


def test_one_phone_that_reloads_a_hundred_times(stack, doors, open_page):
    page = open_page(viewport=PHONE)
    page.goto(doors[1])
    page.evaluate(PRESS)
    page.wait_for_url("**said=counted")
    for _number in range(99):
        page.goto(doors[1])
        assert page.locator("[data-visit-done]").is_visible()
        assert not page.locator("form[data-visit]").is_visible()
        page.evaluate(PRESS)
    assert taps(stack, doors[1]) == (1, False)


def test_a_script_without_storage_stops_at_the_ceiling(stack, doors, settings, measured):
    door, counted, tried = doors[2], 0, settings.ROOM_VISITS_PER_HOUR + 50
    for _number in range(tried):
        script = Visitor(stack)
        token = re.search(r'name="token" value="(.+?)"', script.get(door)[1])[1]
        status, _text, headers = script.post(f"{door}visit/", {"token": token}, page=door)
        assert status == 302
        counted += headers["Location"].endswith("said=counted")
    measured(tried=tried, counted=counted)
    assert counted == settings.ROOM_VISITS_PER_HOUR
    assert taps(stack, door) == (settings.ROOM_VISITS_PER_HOUR, True)
