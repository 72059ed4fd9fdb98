"""Positions at the seat of another city than the region says."""

import pytest

from nursing_rooms.models import NursingRoom
from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.locations.distances import metres_between
from portal.locations.seats import AROUND, elsewhere, seat_of, seats
from tests.factories.nursing_rooms import make_room
from tests.nursing_rooms.test_finder import region

HARBIN, MUDANJIANG, COUNTRY = (126.6425, 45.7567), (129.6261, 44.5497), (127.9, 46.3)
# Towns of one city near the seat of another, which are not mistaken for it.
ANDA, BEITUN = (125.352, 46.419), (130.36, 46.8)


@pytest.mark.parametrize(
    ("place", "code"),
    [(HARBIN, "230100"), (MUDANJIANG, "231000"), (COUNTRY, ""), (ANDA, ""), (BEITUN, "230800"), ((0, 0), "")],
)
def test_only_the_surroundings_of_a_seat_are_certain(place, code):
    assert seat_of(*place) == code


def test_squares_have_the_size_they_say_and_do_not_overlap():
    assert len(seats()) == 13
    for west, south, east, north in seats().values():
        middle = (south + north) / 2
        across = metres_between(Point(west, middle, Datum.WGS84), Point(east, middle, Datum.WGS84))
        assert across == pytest.approx(2 * AROUND, rel=0.01)
        corners = {seat_of(x, y) for x in (west, east) for y in (south, north)}
        assert len(corners) == 1


@pytest.mark.django_db
def test_a_row_whose_region_disagrees_is_found():
    nangang, xian = region("230103", "南岗区"), region("231003", "阳明区")
    wrong = make_room(region=nangang, point=Point(*MUDANJIANG, Datum.WGS84))
    for fields in (
        {"region": nangang, "point": Point(*HARBIN, Datum.WGS84)},
        {"region": xian, "point": Point(*MUDANJIANG, Datum.WGS84)},
        {"region": nangang, "point": Point(*COUNTRY, Datum.WGS84)},
        {"region": nangang, "point": None},
    ):
        make_room(**fields)
    assert list(NursingRoom.objects.filter(elsewhere())) == [wrong]
