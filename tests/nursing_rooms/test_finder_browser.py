"""The finder in real Chromium: on a phone, at a desk, near me, and without a script."""

import pytest
from playwright.sync_api import expect

from nursing_rooms.choices.rooms import Facility
from portal.locations.datums import Point
from tests.browser import DESK, PHONE, accessible
from tests.factories.organizations import make_organization
from tests.nursing_rooms.test_finder import HERE, region, room

PAGE = "/nursing_rooms/"
POSITION = {"longitude": HERE.longitude, "latitude": HERE.latitude}
LONG = "示例省示例市妇女儿童活动中心综合服务楼东区"


@pytest.fixture(scope="module")
def rooms(stack):
    """Thirty rooms at one city and one at another, with long names, open all day."""
    with stack.orm():
        city, fridge = make_organization(), [str(Facility.LOCK), str(Facility.FRIDGE)]
        region("230100", "哈尔滨市", 2)
        region("230200", "齐齐哈尔市", 2)
        for number in range(30):
            point = Point(HERE.longitude + number * 0.001, HERE.latitude, HERE.datum)
            room(city, point=point, hours="24小时", name=f"{LONG}{number}号妈咪小屋", address=LONG * 2)
        room(city, hours="24小时", facilities=fridge, region=region("230103", "南岗区"), name="南岗小屋")
        room(city, point=None, hours="", region=region("230202", "龙沙区"), name="龙沙小屋", phone="0452-1234567")


def clean(page):
    """Check the page with axe-core, and that it is no wider than the screen."""
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_a_city_to_a_room_and_near_me(rooms, open_page):
    page = open_page(viewport=PHONE, locale="en-GB", geolocation=POSITION, permissions=["geolocation"])
    page.goto(PAGE)
    page.locator(".map-pin").first.wait_for()
    clean(page)
    expect(page.locator("#id_district")).to_have_count(0)
    page.select_option("#id_city", "230100")
    page.select_option("#id_district", "230103")
    expect(page.locator(".finder-rooms > li")).to_have_count(1)
    assert page.url.endswith("?city=230100&district=230103")
    page.locator(".filter-more summary").click()
    page.check("input[value=fridge]")
    expect(page.locator(".finder-rooms > li")).to_have_count(1)
    page.get_by_role("link", name="南岗小屋").click()
    expect(page.locator("h1")).to_have_text("南岗小屋")
    page.locator(".map-pin").first.wait_for()
    clean(page)
    page.go_back()

    page.goto(PAGE)
    page.locator("[data-near] button").click()
    expect(page.locator(".finder-distance").first).to_have_text("0 m")
    page.locator(".map-here").wait_for()
    clean(page)
    assert page.url.endswith(PAGE)
    expect(page.locator("#id_city")).to_have_count(0)
    with page.expect_response("**/nursing_rooms/"):
        page.check("input[name=open]")
    expect(page.locator(".finder-said + p")).to_be_visible()
    page.locator("button[name=page]").click()
    expect(page.locator(".finder-rooms > li")).to_have_count(11)
    assert "126.64" not in page.url
    page.locator("[data-near] button").click()
    expect(page.locator(".finder-rooms > li")).to_have_count(20)
    page.locator("#finder-elsewhere").click()
    expect(page.locator("#id_city")).to_be_visible()
    expect(page.locator("input[name=open]")).to_be_checked()


def test_pins_and_cards_lead_to_each_other_at_a_desk(rooms, open_page):
    page = open_page(viewport=DESK)
    page.goto(f"{PAGE}?city=230200")
    expect(page.locator(".finder-rooms > li")).to_have_count(1)
    expect(page.locator(".finder-badges")).to_contain_text("0452-1234567")
    expect(page.locator(".map")).to_be_hidden()
    page.goto(PAGE)
    page.locator(".map-pin").first.wait_for()
    clean(page)
    with page.expect_response("**/nursing_rooms/pins/**") as asked:
        page.locator(".leaflet-control-zoom-out").click()
    pins = asked.value.json()["pins"]
    assert sum(int(pin["sign"]) if pin["sign"].isdecimal() else 1 for pin in pins) > 20


def test_a_refusal_leads_to_the_choice_of_a_city(rooms, open_page):
    page = open_page(viewport=PHONE)
    page.add_init_script("navigator.geolocation.getCurrentPosition = (found, failed) => failed({ code: 1 });")
    page.goto(PAGE)
    page.locator("[data-near] button").click()
    expect(page.locator("#id_city")).to_be_focused()
    expect(page.locator(".finder-rooms > li")).to_have_count(20)


def test_without_a_script_everything_but_the_map_is_there(rooms, open_page):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(PAGE)
    expect(page.locator("[data-near]")).to_be_hidden()
    page.select_option("#id_city", "230100")
    page.check("input[name=open]")
    page.locator("#finder-form .btn-primary").click()
    expect(page.locator(".finder-rooms > li")).to_have_count(20)
    page.locator(".pager a").click()
    expect(page.locator(".finder-rooms > li")).to_have_count(11)
    page.locator(".finder-ways summary").first.click()
    expect(page.locator(".finder-ways a").first).to_be_visible()
    page.locator(".finder-rooms h3 a").first.click()
    expect(page.locator(".finder-links a")).to_have_count(4)
