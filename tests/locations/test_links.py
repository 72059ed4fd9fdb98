"""Links to map services: datum, order of the numbers, and one conversion."""

from urllib.parse import parse_qs, urlsplit

import pytest

from portal.locations.choices import Datum
from portal.locations.datums import Point, converted
from portal.locations.links import SERVICES, map_links

NANJING = Point(118.78513, 32.07309, Datum.WGS84)


def linked(point, name="母婴室"):
    return {link.code: urlsplit(link.url) for link in map_links(point, name)}


def pair(query, key):
    return tuple(float(number) for number in parse_qs(query)[key][0].split(",")[:2])


def test_each_service_gets_its_datum_and_its_order():
    links = linked(NANJING)
    assert pair(links["amap"].query, "to") == pytest.approx((118.790333, 32.071028), abs=2e-6)
    assert pair(links["tencent"].query, "tocoord") == pytest.approx((32.071028, 118.790333), abs=2e-6)
    assert pair(links["apple"].query, "daddr") == pytest.approx((32.071028, 118.790333), abs=2e-6)
    baidu = converted(NANJING, Datum.BD09)
    assert pair(links["baidu"].query, "location") == pytest.approx((baidu.latitude, baidu.longitude), abs=1e-6)
    assert parse_qs(links["baidu"].query)["coord_type"] == ["bd09ll"]


def test_the_coast_is_shifted_and_other_countries_are_not():
    assert pair(linked(Point(122.12886, 30.60283, Datum.WGS84))["amap"].query, "to") == pytest.approx(
        (122.133242, 30.600649), abs=2e-6
    )
    assert pair(linked(Point(135.5021651, 34.6937378, Datum.WGS84))["amap"].query, "to") == (135.502165, 34.693738)


@pytest.mark.parametrize("datum", Datum)
def test_a_position_is_converted_once_whatever_it_was_entered_in(datum):
    given = converted(NANJING, datum)
    assert pair(linked(given)["amap"].query, "to") == pytest.approx((118.790333, 32.071028), abs=6e-6)


def test_links_are_https_and_names_cannot_add_to_them():
    links = linked(NANJING, "万达, 3楼&to=1,2#\n{place} 母婴室" + "长" * 100)
    assert {link.scheme for link in links.values()} == {"https"}
    assert all(not link.fragment for link in links.values())
    assert parse_qs(links["tencent"].query)["to"][0].startswith("万达 3楼&to=1 2# {place} 母婴室")
    assert parse_qs(links["amap"].query)["to"][0].count(",") == 2
    assert len(parse_qs(links["tencent"].query)["to"][0]) <= 60
    assert len({service.code for service in SERVICES}) == len(SERVICES) == 4
