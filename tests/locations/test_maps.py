"""What a map shows: pins in the datum of its tiles, clusters, and the settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils.translation import override

from portal.locations.choices import Datum
from portal.locations.datums import Point, converted
from portal.locations.forms import HereForm
from portal.locations.maps import Map, Pin, clustered, pins_data, read_window
from portal.settings.maps import tile_hosts

HARBIN = Point(126.528903, 45.8017783, Datum.WGS84)
TILES = {
    "MAP_TILES_URL": "https://t{s}.example.org/{z}/{x}/{y}.png",
    "MAP_TILES_SERVERS": "01",
    "MAP_TILES_DATUM": "gcj02",
    "MAP_TILES_SOURCE": "天地图",
    "MAP_TILES_APPROVAL": "GS(2026)0000号",
}


@pytest.fixture
def tiles(settings):
    for name, value in TILES.items():
        setattr(settings, name, value)


def test_without_tiles_pins_are_on_the_grid_as_they_are():
    shown = Map((Pin(HARBIN, "A"),))
    assert shown.data["pins"][0]["at"] == [45.801778, 126.528903]
    assert (shown.data["tiles"], shown.data["here"], shown.source) == (None, None, "")


@pytest.mark.usefixtures("tiles")
def test_pins_and_the_reader_are_in_the_datum_of_the_tiles():
    corner = converted(HARBIN, Datum.GCJ02)
    for given in (HARBIN, corner, converted(HARBIN, Datum.BD09)):
        shown = Map((Pin(given, "A"),), here=given).data
        at = [round(corner.latitude, 6), round(corner.longitude, 6)]
        assert shown["pins"][0]["at"] == pytest.approx(at, abs=2e-6)
        assert shown["here"] == pytest.approx(at, abs=2e-6)
    assert Map().source == "天地图 · GS(2026)0000号"


def test_the_component_holds_its_data_and_no_script_text():
    pin = Pin(HARBIN, "</script><b>母婴室", key="place-1")
    text = render_to_string("components/map.html", {"map": Map((pin,)), "label": "Map"})
    assert "</script><b>" not in text
    assert 'type="application/json"' in text
    assert "map-source" not in text


def spread(count, step):
    return [
        Pin(Point(126.5 + number * step, 45.8, Datum.WGS84), str(number), url=f"/{number}/") for number in range(count)
    ]


def test_pins_too_close_for_a_finger_are_one_and_come_apart():
    pins = spread(12, 0.004)
    far = clustered(pins, 8)
    assert sum(int(pin.sign) if pin.sign else 1 for pin in far) == 12
    assert len(far) <= 2
    assert clustered(pins, 18) == pins
    with override("en"):
        assert clustered(pins[:3], 5)[0].label == "3 places"


def test_rooms_of_one_building_are_one_stack_at_every_zoom():
    pins = [Pin(HARBIN, f"{floor}F", url=f"/{floor}/") for floor in range(1, 13)]
    for zoom in (5, 12, 18):
        (stack,) = clustered(pins, zoom)
        assert [member.label for member in stack.members] == [f"{floor}F" for floor in range(1, 13)]
    assert len(pins_data([stack])[0]["members"]) == 12


def test_a_cluster_has_a_tone_only_if_its_pins_agree():
    good, bad = (Pin(HARBIN, "A", tone=tone) for tone in ("good", "bad"))
    assert clustered([good, good], 9)[0].tone == "good"
    assert clustered([good, bad], 9)[0].tone == "quiet"


def test_a_window_is_read_in_the_datum_of_the_tiles(settings):
    values = {"box": "126.5,45.7,126.7,45.9", "zoom": "12"}
    window = read_window(values)
    assert (window.west, window.south, window.east, window.north, window.zoom) == (126.5, 45.7, 126.7, 45.9, 12)
    for name, value in TILES.items():
        setattr(settings, name, value)
    assert 126.49 < read_window(values).west < 126.496


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"box": "1,2,3", "zoom": "12"},
        {"box": "a,b,c,d", "zoom": "12"},
        {"box": "nan,1,2,3", "zoom": "12"},
        {"box": "126.7,45.7,126.5,45.9", "zoom": "12"},
        {"box": "126.5,45.7,126.7,45.9", "zoom": "19"},
        {"box": "126.5,45.7,126.7,45.9", "zoom": "²"},
    ],
)
def test_other_windows_are_none(values):
    assert read_window(values) is None


def hosts(**changes):
    values = {"address": TILES["MAP_TILES_URL"], "servers": "01", "datum": "gcj02", "source": "A", "approval": "B"}
    values |= changes
    return tile_hosts(values.pop("address"), values.pop("servers"), **values)


def test_the_policy_allows_the_hosts_of_the_tiles_and_no_other():
    assert hosts() == ["https://t0.example.org", "https://t1.example.org"]
    assert hosts(address="https://t.example.org/{z}/{x}/{y}", servers="") == ["https://t.example.org"]
    assert hosts(address="", servers="") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "http://t{s}.example.org/{z}/{x}/{y}.png"},
        {"address": "https://t{s}.example.org/{z}/{x}.png"},
        {"address": "https://t.example.org/{z}/{x}/{y}.png"},
        {"servers": ""},
        {"datum": "bd09"},
        {"source": ""},
        {"approval": ""},
    ],
)
def test_tiles_that_no_map_may_show_stop_the_portal(changes):
    with pytest.raises(ImproperlyConfigured):
        hosts(**changes)


def test_the_readers_position_may_be_anywhere_but_not_nowhere():
    form = HereForm({"longitude": "126.6425", "latitude": "45.7567"})
    assert form.is_valid()
    assert form.cleaned_data["point"] == Point(126.6425, 45.7567, Datum.WGS84)
    assert HereForm({"longitude": "116.4", "latitude": "39.9"}).is_valid()
    for longitude, latitude in (("0", "0"), ("", ""), ("126", ""), ("nan", "45"), ("126", "91"), ("x", "45")):
        assert HereForm({"longitude": longitude, "latitude": latitude}).errors
