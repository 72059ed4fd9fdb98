"""The map and "Near me" in a real browser, under the portal's policy: the page is made here, without a server."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from csp.constants import NONCE
from django.conf import settings as current
from django.template.loader import render_to_string
from playwright.sync_api import expect

from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.locations.maps import Map, Pin, clustered, pins_data
from tests.browser import DESK, PHONE
from tests.databases import ROOT

SITE = "http://localhost"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
HARBIN = Point(126.6425, 45.7567, Datum.WGS84)
HERE = {"longitude": 126.642512, "latitude": 45.756789}
PINS = (
    Pin(HARBIN, "<b>甲</b> 母婴室", url="/1/", key="place-1", tone="good", sign="室"),
    Pin(Point(126.66, 45.77, Datum.WGS84), "乙母婴室", url="/2/", tone="bad", sign="箱"),
)
PAGE = """<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8"><title>母婴室</title>
<link rel="icon" href="/static/favicon.svg">
<link rel="stylesheet" href="/static/vendor/tabler.min.css"><link rel="stylesheet" href="/static/web/portal.css">
<link rel="stylesheet" href="/static/locations/locations.css">
<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true}'>
<script src="/static/vendor/htmx.min.js" defer></script></head><body>
<form id="filters"><select id="region" name="region"><option value="2301">哈尔滨市</option></select></form>
%s<main class="places"><ul id="places"><li id="place-1"><a href="/1/">甲</a></li></ul>%s</main></body></html>"""
POLICY = "; ".join(
    f"{name} {' '.join(source for source in sources if source is not NONCE)}"
    for name, sources in current.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)


class Site:
    """Answers the requests of one page: the page, static files, what is posted, and further pins."""

    def __init__(self, page, shown):
        near = {"action": "/near/", "target": "places", "filters": "#filters", "choose": "region"}
        parts = (
            render_to_string("components/near_me.html", near),
            render_to_string("components/map.html", {"map": shown, "label": "地图"}),
        )
        self.text, self.posted, self.asked = PAGE % parts, [], []
        # The building that is found when the map moves: at first in its middle, or at this share of its height.
        self.found, self.height = None, 0.5
        page.route("**/*", self.answer)

    def answer(self, route):
        request, parts = route.request, urlsplit(route.request.url)
        if parts.path.startswith("/static/"):
            path = ROOT / parts.path.lstrip("/")
            route.fulfill(path=path, headers={"Content-Type": TYPES[path.suffix]})
        elif request.method == "POST":
            self.posted.append(parse_qs(request.post_data))
            route.fulfill(body='<ul id="places"><li id="near">最近</li></ul>', headers={"Content-Type": "text/html"})
        elif parts.path == "/pins/":
            self.asked.append(parse_qs(parts.query))
            if self.found is None:
                west, south, east, north = (float(one) for one in self.asked[0]["box"][0].split(","))
                self.found = Point((west + east) / 2, south + self.height * (north - south), Datum.WGS84)
            pins = clustered([Pin(self.found, f"{floor}楼", url=f"/{floor}/") for floor in range(1, 13)], 12)
            route.fulfill(json={"pins": pins_data(pins)})
        else:
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
            route.fulfill(body=self.text, headers=headers)


def opened(page, shown):
    site = Site(page, shown)
    page.goto(f"{SITE}/rooms/")
    return site


@pytest.mark.parametrize("page", [PHONE, DESK], indirect=True)
def test_pins_stand_on_a_plain_grid_without_any_other_host(page):
    opened(page, Map(PINS, here=Point(126.65, 45.76, Datum.WGS84)))
    page.locator(".map-pin").first.wait_for()
    expect(page.locator(".map-pin")).to_have_count(2)
    expect(page.locator(".map-here")).to_have_count(1)
    expect(page.locator(".map-grid").first).to_be_attached()
    expect(page.locator(".map-ground img")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_pin_opens_with_a_key_and_its_name_stays_text(page):
    opened(page, Map(PINS))
    pin = page.get_by_role("button", name="<b>甲</b> 母婴室")
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".map-sheet a")).to_have_text("<b>甲</b> 母婴室")
    expect(page.locator(".map-sheet b")).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/1/"


def test_other_parts_of_the_map_are_read_and_a_building_is_a_list(page):
    site = opened(page, Map(PINS, pins_url="/pins/?kind=room"))
    page.locator(".map-pin").first.wait_for()
    with page.expect_response("**/pins/**"):
        page.locator(".leaflet-control-zoom-in").click()
    page.locator(".map-pin").get_by_text("12", exact=True).wait_for()
    expect(page.locator(".map-pin")).to_have_count(1)
    assert site.asked[0]["kind"] == ["room"]
    assert len(site.asked[0]["box"][0].split(",")) == 4
    page.locator(".map-pin").click()
    expect(page.locator(".map-sheet li")).to_have_text([f"{floor}楼" for floor in range(1, 13)])


def at_the_edge(page):
    """Open a map on which one building is found, near its lower edge."""
    site = opened(page, Map(PINS, pins_url="/pins/?kind=room"))
    site.height = 0.02
    page.locator(".map-pin").first.wait_for()
    with page.expect_response("**/pins/**"):
        page.locator(".leaflet-control-zoom-in").click()
    pin = page.locator(".map-pin")
    pin.get_by_text("12", exact=True).wait_for()
    return site, pin


def test_a_slow_press_on_a_pin_at_the_edge_is_not_lost(page):
    site, pin = at_the_edge(page)
    pin.click(delay=600)
    expect(page.locator(".map-sheet li")).to_have_count(12)
    assert len(site.asked) == 1


def test_a_pin_at_the_edge_reached_by_the_keyboard_is_shown_whole_and_kept(page):
    site, _pin = at_the_edge(page)
    page.locator(".leaflet-control-zoom-out").focus()
    with page.expect_response("**/pins/**"):
        for _number in range(4):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("document.activeElement.classList.contains('map-pin')"):
                break
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement.classList.contains('map-pin')")
    page.keyboard.press("Enter")
    expect(page.locator(".map-sheet li")).to_have_count(12)
    assert len(site.asked) == 2


def test_without_pins_there_is_no_map_and_no_dot_anywhere(page):
    opened(page, Map())
    page.wait_for_function("window.L !== undefined")
    expect(page.locator("[data-map]")).to_be_hidden()
    expect(page.locator(".map-here")).to_have_count(0)


def test_near_me_sends_the_position_in_the_body_with_the_filters(open_page):
    page = open_page(geolocation=HERE, permissions=["geolocation"])
    site = opened(page, Map(PINS))
    page.get_by_role("button", name=re.compile("Near me|附近")).click()
    page.locator("#near").wait_for()
    (posted,) = site.posted
    assert (posted["longitude"], posted["latitude"], posted["region"]) == (["126.6425"], ["45.7568"], ["2301"])
    assert "126.64" not in page.url


def answers(page, *codes):
    """Let the device answer with these error codes, then with a position."""
    found = json.dumps({"coords": HERE})
    page.add_init_script(
        f"window.codes = {json.dumps(codes)}; window.tries = 0;"
        "navigator.geolocation.getCurrentPosition = (found, failed) => {"
        f" window.tries++; window.codes.length ? failed({{ code: window.codes.shift() }}) : found({found}); }};"
    )


def test_one_silent_retry_where_the_signal_fails_once(open_page):
    page = open_page()
    answers(page, 2)
    site = opened(page, Map(PINS))
    page.locator("[data-near] button").click()
    page.locator("#near").wait_for()
    assert (page.evaluate("window.tries"), len(site.posted)) == (2, 1)


@pytest.mark.parametrize(
    ("codes", "state", "word", "tries"),
    [
        ([1, 1], "denied", "refused", 1),
        ([1, 1], "granted", "off", 1),
        ([2, 2], "granted", "weak", 2),
        ([3, 3], "granted", "weak", 2),
    ],
)
def test_each_failure_has_its_words_and_leads_to_the_choice(open_page, codes, state, word, tries):
    page = open_page()
    answers(page, *codes)
    page.add_init_script(f"navigator.permissions.query = async () => ({{ state: {state!r} }});")
    site = opened(page, Map(PINS))
    said = page.locator(".near-said")
    page.locator("[data-near] button").click()
    page.wait_for_function("document.activeElement.id === 'region'")
    assert said.inner_text() == said.get_attribute(f"data-{word}")
    assert (page.evaluate("window.tries"), site.posted) == (tries, [])
    expect(page.locator(".map-here")).to_have_count(0)
    # After the reader has changed the setting, the button works.
    page.evaluate("window.codes.length = 0")
    page.locator("[data-near] button").click()
    page.locator("#near").wait_for()
    assert len(site.posted) == 1


def test_inside_wechat_a_first_refusal_is_tried_again(open_page):
    page = open_page(user_agent="Mozilla/5.0 (iPhone) AppleWebKit/605.1 MicroMessenger/8.0")
    answers(page, 1)
    opened(page, Map(PINS))
    page.locator("[data-near] button").click()
    page.locator("#near").wait_for()
    assert page.evaluate("window.tries") == 2


def test_a_phone_that_knows_nothing_says_zero_and_sends_nothing(open_page):
    page = open_page()
    page.add_init_script(
        "navigator.geolocation.getCurrentPosition = (found) => found({ coords: { longitude: 0, latitude: 0 } });"
    )
    site = opened(page, Map(PINS))
    page.locator("[data-near] button").click()
    page.wait_for_function("document.activeElement.id === 'region'")
    assert site.posted == []
