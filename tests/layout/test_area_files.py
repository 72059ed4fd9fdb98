"""The test data of all areas is merged, and no entry is declared twice."""

import pytest

from tests import areas
from tests.layout.objects import OBJECTS


def test_an_area_may_be_without_a_file():
    assert set(areas.modules("objects")) <= set(areas.AREAS)
    assert areas.modules("no_such_file") == {}
    assert areas.merged({"a": 1}, "no_such_file", "OBJECTS") == {"a": 1}


def test_the_objects_of_an_area_are_among_all():
    own = areas.modules("objects")["matchmaking"].OBJECTS
    assert own.items() <= OBJECTS.items()


def test_what_stands_twice_is_refused():
    with pytest.raises(ValueError, match=r"OBJECTS of tests/matchmaking/objects.py .*'matchmaking:event-detail'"):
        areas.merged({"matchmaking:event-detail": None}, "objects", "OBJECTS")


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("matchmaking:event-list", "matchmaking"),
        ("admin:nursing_rooms_room_add", "nursing_rooms"),
        ("members:me", ""),
        ("admin:members_member_add", ""),
        ("home", ""),
    ],
)
def test_a_url_belongs_to_the_area_of_its_app(name, area):
    assert areas.area_of(name) == area
