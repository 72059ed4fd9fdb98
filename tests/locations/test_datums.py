"""Datums: published positions, the inverse, and the province by its outline."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.locations import outlines
from portal.locations.choices import Datum
from portal.locations.datums import Point, converted, within_province
from portal.locations.distances import metres_between

WGS, GCJ, BD = Datum.WGS84, Datum.GCJ02, Datum.BD09

# Cities as a published file of positions gives them: WGS-84, GCJ-02, BD-09.
CITIES = {
    "哈尔滨": ((126.528903, 45.8017783), (126.5349726, 45.8037804), (126.5415875, 45.8094074)),
    "齐齐哈尔": ((123.9116361, 47.3523122), (123.9181885, 47.3543511), (123.9247581, 47.3601307)),
    "牡丹江": ((129.6261001, 44.549697), (129.6331689, 44.5516593), (129.6397099, 44.5576016)),
    "黑河": ((127.5209846, 50.2434852), (127.528304, 50.2451332), (127.5347994, 50.2510922)),
    "大兴安岭": ((124.7038236, 52.3338635), (124.7115324, 52.3352664), (124.7180582, 52.3412419)),
    "绥化": ((126.9625905, 46.6519622), (126.9688935, 46.6538512), (126.97525, 46.6601848)),
    "鸡西": ((130.9619049, 45.292929), (130.9693362, 45.2950784), (130.9759563, 45.3007468)),
    "鹤岗": ((130.2901208, 47.3474834), (130.2979644, 47.3499192), (130.3043975, 47.3560741)),
    "七台河": ((130.9954759, 45.7695273), (131.0031494, 45.7717334), (131.0097055, 45.7775982)),
    "伊春": ((128.8340769, 47.725255), (128.841148, 47.7275393), (128.8476934, 47.7333596)),
}
BORDER_TOWNS = {
    "黑河": (127.5285, 50.2453),
    "黑河西": (127.499, 50.2496),
    "抚远": (134.295, 48.364),
    "漠河": (122.536, 52.972),
    "北极村": (122.35, 53.483),
    "绥芬河": (131.152, 44.412),
    "东宁": (131.122, 44.061),
    "同江": (132.511, 47.642),
    "嘉荫": (130.403, 48.889),
    "逊克": (128.476, 49.583),
    "呼玛": (126.652, 51.726),
    "虎头": (133.67, 45.98),
    "饶河": (134.014, 46.798),
    "名山": (131.05, 47.68),
    "加格达奇": (124.12, 50.42),
}
ABROAD = {
    "Blagoveshchensk": (127.527, 50.2767),
    "its square on the river": (127.5369, 50.2572),
    "Amurzet": (131.098, 47.693),
    "Khabarovsk": (135.07, 48.48),
    "Pogranichny": (131.38, 44.40),
    "Nizhneleninskoye": (132.62, 47.97),
    "Ussuriysk": (131.95, 43.80),
    "Osaka": (135.5021651, 34.6937378),
    "Seoul": (126.978, 37.566),
    "Pyongyang": (125.75, 39.03),
    "Ulaanbaatar": (106.9, 47.9),
    "Taipei": (121.56, 25.03),
    "Null Island": (0, 0),
    "the pole": (130, 90),
}


def off(point, longitude, latitude):
    return (
        metres_between(point, Point(longitude, latitude, point.datum))
        if point.datum == WGS
        else _plain(point, longitude, latitude)
    )


def _plain(point, longitude, latitude):
    # Metres between two positions of one datum, without converting them.
    return metres_between(Point(point.longitude, point.latitude, WGS), Point(longitude, latitude, WGS))


@pytest.mark.parametrize(("wgs", "gcj", "bd"), CITIES.values(), ids=CITIES)
def test_cities_are_converted_as_published(wgs, gcj, bd):
    assert off(converted(Point(*wgs, WGS), GCJ), *gcj) < 1
    assert off(converted(Point(*gcj, GCJ), BD), *bd) < 0.05
    assert off(converted(Point(*gcj, GCJ), WGS), *wgs) < 1.5
    assert off(converted(Point(*bd, BD), GCJ), *gcj) < 0.05
    assert off(converted(Point(*wgs, WGS), BD), *bd) < 1
    assert off(converted(Point(*bd, BD), WGS), *wgs) < 1.5


@pytest.mark.parametrize(
    ("start", "datum", "end", "most"),
    [
        (Point(116.404, 39.915, WGS), GCJ, (116.41024450, 39.91640428), 0.01),
        (Point(116.404, 39.915, GCJ), BD, (116.41036949, 39.92133699), 0.01),
        # Published as one step of the inverse, which stops short.
        (Point(116.404, 39.915, BD), GCJ, (116.39762729, 39.90865674), 1.5),
        (Point(116.404, 39.915, GCJ), WGS, (116.39775550, 39.91359572), 1.5),
        (Point(120.026268, 30.279164, GCJ), BD, (120.032768, 30.285238), 0.1),
        (Point(120.026268, 30.279164, GCJ), WGS, (120.021519, 30.281543), 2),
        (Point(114.21892734521, 29.575429778924, WGS), BD, (114.23074789746, 29.579086404502), 1),
        (Point(118.78513, 32.07309, WGS), GCJ, (118.790333, 32.071028), 0.1),
        (Point(122.12886, 30.60283, WGS), GCJ, (122.133242, 30.600649), 0.1),
        (Point(116.3911, 39.9164, WGS), GCJ, (116.397342, 39.917802), 0.1),
        (Point(121.5272106, 31.1774276, WGS), GCJ, (121.531541859215, 31.17530398), 0.1),
    ],
)
def test_other_published_positions(start, datum, end, most):
    assert off(converted(start, datum), *end) < most


def test_the_size_of_the_error_that_a_wrong_datum_makes():
    harbin = Point(126.528903, 45.8017783, WGS)
    gcj = converted(harbin, GCJ)
    assert off(gcj, harbin.longitude, harbin.latitude) == pytest.approx(521, abs=3)
    twice = converted(Point(gcj.longitude, gcj.latitude, WGS), GCJ)
    assert off(twice, gcj.longitude, gcj.latitude) == pytest.approx(517, abs=3)


@pytest.mark.parametrize("datum", Datum)
def test_a_point_in_its_datum_stays_the_same_object(datum):
    point = Point(126.5, 45.8, datum)
    assert converted(point, datum) is point
    there = converted(point, GCJ)
    assert converted(there, GCJ) is there


@given(st.floats(121.5, 134.5), st.floats(43.6, 53.4), st.sampled_from(list(Datum)), st.sampled_from(list(Datum)))
def test_a_point_does_not_wander(longitude, latitude, first, second):
    point = Point(longitude, latitude, first)
    if not within_province(point):
        return
    there = point
    for _round in range(10):
        there = converted(converted(there, second), first)
    assert off(there, longitude, latitude) < 0.01


@pytest.mark.parametrize("place", ABROAD.values(), ids=ABROAD)
@pytest.mark.parametrize("datum", [GCJ, BD])
def test_positions_abroad_are_not_shifted_and_not_accepted(place, datum):
    there = converted(Point(*place, WGS), datum)
    assert (there.longitude, there.latitude, there.datum) == (*place, datum)
    assert not within_province(Point(*place, WGS))


@pytest.mark.parametrize("place", BORDER_TOWNS.values(), ids=BORDER_TOWNS)
def test_border_towns_are_in_the_province_and_shifted(place):
    point = Point(*place, WGS)
    assert within_province(point)
    assert off(converted(point, GCJ), *place) > 300
    assert within_province(converted(point, BD))


@pytest.mark.parametrize("place", [(125.32, 43.88), (123.43, 41.8), (119.74, 49.21), (116.4, 39.9)])
def test_other_provinces_are_shifted_and_not_accepted(place):
    point = Point(*place, WGS)
    assert not within_province(point)
    assert off(converted(point, GCJ), *place) > 200


@pytest.mark.parametrize(
    "degrees", [(181, 45), (126, 91), (45.7567, 126.6425), (float("nan"), 45), (126, float("inf"))]
)
def test_what_is_no_position_is_refused(degrees):
    with pytest.raises(ValueError, match="between"):
        Point(*degrees, WGS)


def test_a_position_has_a_known_datum():
    with pytest.raises(ValueError, match="cgcs"):
        Point(126, 45, "cgcs2000")
    with pytest.raises(TypeError):
        Point(126, 45)


def test_another_province_is_a_file_and_a_setting(settings, tmp_path):
    path = tmp_path / "square.json"
    path.write_text(json.dumps({"ring": [[116, 39], [117, 39], [117, 40], [116, 40]]}), encoding="utf-8")
    settings.MAP_PROVINCE_OUTLINE = str(path)
    assert within_province(Point(116.4, 39.9, WGS))
    assert not within_province(Point(126.5, 45.8, WGS))
    path.with_name("line.json").write_text(json.dumps({"ring": [[116, 39], [117, 39]]}), encoding="utf-8")
    with pytest.raises(ValueError, match="outline"):
        outlines.ring(path.with_name("line.json"))
