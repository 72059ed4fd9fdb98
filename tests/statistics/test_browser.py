"""The way from a headline figure to its rows in real Chromium.

Charts are drawn, and the console stays empty.
"""

from django.utils import timezone
from playwright.sync_api import expect

from portal.members.services.passwords import password_set
from portal.organizations.choices import OrganizationKind
from portal.statistics.services.recounting import recount
from tests.browser import PHONE, accessible
from tests.factories.members import make_staff, phone_number
from tests.factories.organizations import make_organization, make_province
from tests.journey.walk import PASSWORD, Walker
from tests.statistics.held import held_event

DRAWN = ".chart.is-drawn canvas"


def test_from_a_headline_to_the_rows_of_a_city(stack, open_page):
    with stack.orm():
        province = make_province()
        city = make_organization(name="示例甲市总工会")
        county = make_organization(parent=city, kind=OrganizationKind.COUNTY, name="示例丙县总工会")
        for place, people in ((city, 8), (county, 6)):
            held_event(place, timezone.localdate(), people=people, pairs=1)
        make_organization(name="示例乙市总工会")
        chair = make_staff(province, phone=phone_number(71))
        password_set(actor=None, member=chair, login_name="sheng-browser", password=PASSWORD)
        recount()
    page = open_page()
    Walker(stack, page, set()).sign_in_staff("sheng-browser", phone_number(71))

    page.goto("/statistics/")
    expect(page.locator(DRAWN)).to_have_count(3)
    accessible(page)
    page.locator(".headline-row a", has_text="2").first.click()
    expect(page.locator(DRAWN)).to_have_count(1)
    accessible(page)

    page.goto("/statistics/explorer/?code=MM01")
    page.get_by_role("link", name="示例甲市总工会").first.click()
    expect(page.locator("#explorer .page-sub")).to_contain_text("示例甲市总工会")
    expect(page.locator(DRAWN)).to_have_count(1)
    expect(page.locator(".figure-total")).to_have_text("2 场")
    page.locator("#explorer-code").select_option("MM03")
    expect(page.locator("h1")).to_have_text("牵手对")
    # Above the county, pairs are a number without a link.
    expect(page.locator(".figure-total a")).to_have_count(0)
    page.locator("#explorer-code").select_option("MM01")
    page.locator(".figure-total a").click()
    expect(page.locator(".list-count")).to_contain_text("2")
    accessible(page)

    page.set_viewport_size(PHONE)
    for path in ("/statistics/", "/statistics/explorer/?code=MM01", "/statistics/published/"):
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("about:blank")
