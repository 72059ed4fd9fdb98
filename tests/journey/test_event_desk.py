"""A cadre's event from plan to report, in real Chromium with web server and worker."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from matchmaking.choices.events import EventState
from matchmaking.models import MatchEvent
from matchmaking.services.participations import event_join
from portal.core.choices import Sex
from portal.core.roles import Role
from portal.members.services.passwords import password_set
from portal.messaging.models import Message
from tests.browser import DESK
from tests.factories.matchmaking import LINE, make_law, make_single, put_event
from tests.factories.matchmaking_library import make_theme, make_venue
from tests.factories.members import make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit
from tests.journey.walk import PASSWORD

CADRE, CHAIR = phone_number(9101), phone_number(9102)
TITLE, GUEST = "示例读书会", "示例来宾戊"


def say(words):
    """Return a text of the pages in Chinese."""
    with translation.override("zh-hans"):
        return translation.gettext(words)


@pytest.fixture(scope="module")
def city(stack):
    """A city with a venue and a theme, its cadre and its chair, and singles of a unit."""
    with stack.orm():
        make_law()
        city = make_organization(name="示例丙市总工会")
        unit = make_unit(city, name="示例印刷厂工会")
        make_theme(name="读书会", summary="带一本喜欢的书来聊聊。")
        make_venue(city, name="示例丙市文化宫", capacity=40)
        for login_name, phone, role in (("cadre-events", CADRE, Role.CADRE), ("chair-events", CHAIR, Role.CHAIR)):
            member = make_staff(city, role=role, name=f"示例{Role(role).label}"[:6], phone=phone)
            password_set(actor=None, member=member, login_name=login_name, password=PASSWORD)
        make_single(unit, name=GUEST)
        for number in range(4):
            make_single(unit, Sex.MALE if number % 2 else Sex.FEMALE)
    return city


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def plan(desk):
    """Fill in the form of a new event; the text comes from the theme."""
    desk.go("/matchmaking/events/new/")
    page, now = desk.page, timezone.now()
    page.locator("form.portal-form").evaluate("form => { form.noValidate = true }")
    desk.send()
    expect(page.locator(".error-summary")).to_be_focused()
    page.fill("#id_title", TITLE)
    page.select_option("#id_theme", label="读书会")
    page.select_option("#id_venue", label="示例丙市文化宫")
    page.locator("input[name=mode][value=offline]").check()
    times = {"signup_opens_at": -1, "signup_closes_at": 3, "starts_at": 5, "ends_at": 5.1}
    times |= {"choice_opens_at": 6, "choice_closes_at": 8}
    for name, days in times.items():
        page.fill(f"#id_{name}", local(now + timedelta(days=days)))
    for name, value in (("men_quota", 5), ("women_quota", 5), ("balance_tolerance", 2)):
        page.fill(f"#id_{name}", str(value))
    desk.send()
    expect(page).to_have_url(re.compile(r"/events/\d+/$"))
    assert "带一本喜欢的书来聊聊" in desk.text
    page.go_back()
    expect(page.locator("#id_title")).to_be_visible()
    page.go_forward()
    return re.search(r"/events/\d+/", page.url)[0]


def step(desk, event, name, **fields):
    """Take a step of the event on the page of this step."""
    desk.page.goto(f"/matchmaking{event}{name}/")
    for field, value in fields.items():
        desk.page.fill(f"#id_{field}", str(value))
    with desk.page.expect_navigation():
        desk.page.locator("main form .btn-primary, main form .btn-danger").last.click()
    return desk.look()


def test_an_event_from_plan_to_report(city, stack, walker, watch):
    watch.allow("status of 422")
    cadre, chair = walker(DESK), walker(DESK)
    cadre.sign_in_staff("cadre-events", CADRE)
    event = plan(cadre)
    step(cadre, event, "submit")

    chair.sign_in_staff("chair-events", CHAIR)
    step(chair, event, "approve")
    step(cadre, event, "publish")

    cadre.go(f"/matchmaking{event}partners/")
    cadre.page.select_option("#id_kind", "media")
    cadre.page.fill("#id_name", "示例电视台")
    cadre.send()
    assert "示例电视台" in cadre.text
    cadre.go(f"/matchmaking{event}costs/")
    cadre.page.fill("#id_planned", "800")
    cadre.send()
    assert "800" in cadre.text

    cadre.go(f"/matchmaking{event}add/")
    cadre.page.fill("#find-term", GUEST)
    with cadre.page.expect_navigation():
        cadre.page.locator(".find-bar button").click()
    cadre.look()
    with cadre.page.expect_navigation():
        cadre.page.locator("button[name=member]").click()
    assert say("A place is reserved. The person was told and must confirm it.") in cadre.look()

    with stack.orm():
        held = MatchEvent.objects.get(title=TITLE)
        for single in type(held.created_by).objects.filter(organization__name="示例印刷厂工会").exclude(name=GUEST):
            event_join(event=held, member=single, actor=single, line=LINE)

    step(cadre, event, "change", place="三楼书吧")
    assert "三楼书吧" in cadre.text
    step(cadre, event, "quotas", men_quota=8)
    cadre.go(f"/matchmaking{event}letters/")
    cadre.page.locator("input[name=to][value=everyone]").check()
    cadre.page.fill("#id_title", "集合")
    cadre.page.fill("#id_words", "九点东门集合")
    for button in ("look", "send"):
        with cadre.page.expect_navigation():
            cadre.page.locator(f"button[name={button}]").click()
        cadre.look()
    assert "九点东门集合" in cadre.text
    cadre.go(f"/matchmaking{event}participants/")
    cadre.go(f"/matchmaking{event}sheet/")
    cadre.go("/matchmaking/events/calendar/")

    step(cadre, event, "close-sign-up")
    step(cadre, event, "begin")
    step(cadre, event, "open-choice")
    with stack.orm():
        put_event(held, choice_closes_at=timezone.now() + timedelta(days=9))
    step(cadre, event, "reveal")
    step(cadre, event, "close")
    step(cadre, event, "report")
    with cadre.page.expect_download() as coming:
        cadre.page.locator(f"a[href='/matchmaking{event}report.docx']").click()
    assert coming.value.path().read_bytes()[:2] == b"PK"

    with stack.orm():
        held = MatchEvent.objects.get(title=TITLE)
        assert (held.state, held.place, held.men_quota) == (EventState.REPORTED, "三楼书吧", 8)
        assert Message.objects.filter(kind="matchmaking.letter", channel="in_app").count() == 5
        assert Message.objects.filter(kind="matchmaking.event_changed", channel="in_app").count() == 5
