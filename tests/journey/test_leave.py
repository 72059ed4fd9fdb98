"""The maternity-leave calculator on a phone, and leaving it at once."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser import PHONE

PAGE = "/rights/leave/"
ELSEWHERE = "https://www.weather.com.cn/"


@pytest.fixture
def law(stack):
    with stack.orm():
        for command in ("load_regions", "load_legal_parameters", "load_calendar"):
            call_command(command, verbosity=0)


@pytest.fixture
def harmless(watch):
    """Answer for the harmless page, which is on another host."""
    watch.allow("foreign host: https://www.weather.com.cn/")
    referrers = []

    def answer(route):
        referrers.append(route.request.headers.get("referer"))
        route.fulfill(body="<h1>Weather</h1>", content_type="text/html")

    def serve(page):
        page.route(f"{ELSEWHERE}**", answer)
        return referrers

    return serve


def fill(person):
    page = person.page
    page.check("input[name=kind][value=difficult]")
    page.fill("#id_first_day", "2026-01-10")
    page.select_option("#id_region", "440000")
    page.fill("#id_babies", "2")
    page.fill("#id_born", "2026-01-25")
    page.locator("main form.portal-form .btn-primary").click()
    page.wait_for_selector("#leave-answer")
    return person.look()


def test_an_answer_without_sign_in_and_without_a_trace(law, walker, harmless, watch):
    watch.allow("status of 422")
    visitor = walker(PHONE, locale="en-GB")
    visitor.page.goto("/")
    visitor.go(PAGE)
    visitor.page.fill("#id_first_day", "2026-01-10")
    visitor.page.select_option("#id_region", "440000")
    visitor.page.fill("#id_last_period", "2026-01-20")
    visitor.page.locator("main form.portal-form .btn-primary").click()
    expect(visitor.page.locator(".error-summary")).to_be_focused()
    visitor.look()
    visitor.page.fill("#id_last_period", "")
    text = fill(visitor)
    assert "98 + 80 + 30 + 15 × (2 − 1) = 223" in text
    assert "2026-08-20" in text
    assert visitor.page.url.endswith(PAGE)
    # The answer is wider than no screen, and has the focus.
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(visitor.page.locator("#leave-answer")).to_be_focused()
    visitor.assert_nothing_is_stored(since=1)
    referrers = harmless(visitor.page)
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#leave-answer")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page).to_have_url(ELSEWHERE)
    assert referrers == [None]
    visitor.page.go_back()
    expect(visitor.page).to_have_url(re.compile(r":\d+/$"))


def test_the_button_leaves_and_two_slow_presses_do_not(law, walker, harmless):
    visitor = walker(PHONE)
    visitor.page.goto("/")
    visitor.go(PAGE)
    harmless(visitor.page)
    visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_timeout(2100)
    visitor.page.keyboard.press("Escape")
    expect(visitor.page).to_have_url(re.compile(PAGE))
    visitor.page.locator("[data-leave-page]").click()
    expect(visitor.page).to_have_url(ELSEWHERE)
    visitor.page.go_back()
    expect(visitor.page).to_have_url(re.compile(r":\d+/$"))


def test_without_a_script_the_answer_and_the_way_out_are_there(law, open_page, harmless):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(PAGE)
    page.fill("#id_first_day", "2026-01-10")
    page.select_option("#id_region", "230000")
    page.locator("main form.portal-form .btn-primary").click()
    expect(page.locator("main")).to_contain_text("2026-07-08")
    harmless(page)
    page.locator("[data-leave-page]").click()
    expect(page).to_have_url(ELSEWHERE)
