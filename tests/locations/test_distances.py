"""Great-circle distances."""

import pytest

from portal.locations.choices import Datum
from portal.locations.datums import Point, converted
from portal.locations.distances import metres_between

HOME = Point(126.6425, 45.7567, Datum.WGS84)


@pytest.mark.parametrize(
    ("place", "metres"), [((126.6525, 45.7567), 776), ((126.6425, 45.7652), 945), ((126.6425, 45.7567), 0)]
)
def test_published_distances(place, metres):
    assert round(metres_between(HOME, Point(*place, Datum.WGS84))) == metres


def test_each_point_may_have_its_own_datum():
    there = Point(126.6525, 45.7567, Datum.WGS84)
    assert metres_between(HOME, converted(there, Datum.BD09)) == pytest.approx(776, abs=1)


def test_the_other_side_of_the_earth():
    opposite = Point(HOME.longitude - 180, -HOME.latitude, Datum.WGS84)
    assert metres_between(HOME, opposite) == pytest.approx(20_015_087, abs=1)
