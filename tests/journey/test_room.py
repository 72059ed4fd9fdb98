"""A nursing room in real Chromium: counted and reported at the door, inspected by the county, mended by its manager."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from nursing_rooms.choices.reports import ReportState, Trouble
from nursing_rooms.models import RoomDay, RoomInspection, RoomReport
from portal.core.choices import Area
from portal.core.roles import Role
from portal.inspections.choices import InspectionState
from portal.members.services.passwords import password_set
from tests.browser import DESK, PHONE
from tests.factories.inspections import make_rubric
from tests.factories.members import identity_number, make_entry, make_staff, phone_number
from tests.factories.nursing_rooms import make_manager, make_plate, make_room
from tests.factories.organizations import make_organization, make_unit
from tests.factories.rights import make_rights_law
from tests.journey.walk import PASSWORD

CHAIR, MANAGER, KEEPER = phone_number(9301), phone_number(9302), phone_number(9305)
COUNTY_CHAIR, INSPECTOR = phone_number(9303), phone_number(9304)
NAME, NUMBER = "示例管理员", identity_number(302)
KEEPER_NAME, KEEPER_NUMBER = "示例小屋员", identity_number(305)
ITEMS = ({"group": "私密", "text": "门可以从里面锁住", "points": 5}, {"group": "卫生", "text": "整洁", "points": 5})
WECHAT = "Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0"


@pytest.fixture(scope="module")
def door(stack):
    """A room with its plate and its manager, and the chair of its union; return the address of its door."""
    with stack.orm():
        make_rights_law()
        city = make_organization(name="示例丁市总工会")
        chair = make_staff(city, role=Role.CHAIR, name="示例主席", phone=CHAIR)
        password_set(actor=None, member=chair, login_name="chair-rooms", password=PASSWORD)
        room = make_room(city, name="示例商场妈咪小屋")
        entry = {"identity_number": NUMBER, "birth_date": date(1995, 3, 7)}
        make_manager(room, make_entry(city, name=NAME, phone=MANAGER, **entry))
        plate = make_plate(room)
    return f"/nursing_rooms/room/{plate.code}/"


def test_a_visitor_is_counted_and_reports_and_the_manager_mends(stack, door, walker, watch):
    watch.allow("status of 404")
    visitor = walker(PHONE)
    visitor.go(door)
    with stack.orm():
        assert not RoomDay.objects.exists()
    with visitor.page.expect_navigation():
        visitor.page.locator("form[data-visit] button").click()
    visitor.look()
    # The phone remembers: the same phone is not counted again.
    visitor.page.reload()
    expect(visitor.page.locator("form[data-visit]")).to_be_hidden()
    with visitor.page.expect_navigation():
        visitor.page.locator("button[name=trouble][value=dirty]").click()
    visitor.look()
    with visitor.page.expect_navigation():
        visitor.page.locator("button[name=trouble][value=disturbed]").click()
    with stack.orm():
        assert RoomDay.objects.get().taps == 1
        assert set(RoomReport.objects.values_list("trouble", flat=True)) == {Trouble.DIRTY, Trouble.DISTURBED}
        report = RoomReport.objects.get(trouble=Trouble.DIRTY)
        bypassing = RoomReport.objects.get(trouble=Trouble.DISTURBED)

    chair = walker(DESK)
    chair.sign_in_staff("chair-rooms", CHAIR)
    chair.go("/nursing_rooms/rooms/")
    chair.go("/nursing_rooms/reports/")

    stack.issue_cards((MANAGER, NAME, NUMBER))
    manager = walker(PHONE)
    manager.go("/sign-in/")
    manager.sign_in(MANAGER, NAME)
    assert manager.page.goto(bypassing.get_absolute_url()).status == 404
    manager.go(report.get_absolute_url())
    manager.go(f"{report.get_absolute_url()}fix/")
    manager.page.fill("#id_answer", "已清洁。")
    manager.send()
    with stack.orm():
        assert RoomReport.objects.get(pk=report.pk).state == ReportState.FIXED
    assert manager.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module")
def inspected(stack):
    """A room of a factory in a county, its manager, and the people of the county who inspect it."""
    with stack.orm():
        make_rights_law()
        make_rubric("nursing_rooms.room", Area.NURSING_ROOMS, ITEMS)
        county = make_organization(parent=make_organization(), kind="county", name="示例戊县总工会")
        chair = make_staff(county, role=Role.CHAIR, name="示例县主席", phone=COUNTY_CHAIR)
        lead = make_staff(county, role=Role.CADRE, name="示例县干事", phone=INSPECTOR)
        for member, login_name in ((chair, "chair-county"), (lead, "cadre-county")):
            password_set(actor=None, member=member, login_name=login_name, password=PASSWORD)
        unit = make_unit(county)
        room = make_room(unit, name="示例工厂妈咪小屋")
        entry = {"identity_number": KEEPER_NUMBER, "birth_date": date(1990, 3, 7)}
        make_manager(room, make_entry(unit, name=KEEPER_NAME, phone=KEEPER, **entry))
    return room, lead


def press(person, link):
    """Open an action of the page that is shown, wherever its button is."""
    return person.go(person.page.locator(f"a[href$='{link}/']").first.get_attribute("href"))


def test_the_county_inspects_and_the_manager_rectifies(stack, inspected, walker):
    room, lead = inspected
    chair = walker(DESK)
    chair.sign_in_staff("chair-county", COUNTY_CHAIR)
    chair.go(room.get_absolute_url())
    press(chair, "inspect")
    chair.page.fill("#id_planned_on", timezone.localdate().isoformat())
    for box in chair.page.locator("input[name=inspectors]").all():
        box.check()
    chair.page.select_option("#id_lead", str(lead.pk))
    chair.send()
    with stack.orm():
        page_of_it = RoomInspection.objects.get().get_absolute_url()

    inspector = walker(PHONE)
    inspector.sign_in_staff("cadre-county", INSPECTOR)
    inspector.go(page_of_it)
    press(inspector, "start")
    inspector.send()
    press(inspector, "score")
    for _group in ITEMS:
        item = inspector.page.locator(".score-item")
        item.locator(".score-choice").filter(has_text=re.compile(r"^\s*5\s*$")).first.click()
        expect(item.locator(".score-saved svg")).to_be_visible()
        inspector.page.locator(".score-buttons .btn-primary").click()
        inspector.page.wait_for_load_state()
    inspector.go(page_of_it)
    press(inspector, "finding")
    inspector.page.fill("#id_text", "门锁松动，关不严。")
    inspector.send()
    press(inspector, "finish")
    inspector.page.fill("#id_minutes", "现场查看。")
    inspector.page.check("#id_confirmed")
    inspector.send()
    chair.go(page_of_it)
    press(chair, "notice")
    chair.send()
    with chair.page.expect_download() as letter:
        chair.page.locator("a[href$='/notice/file/']").click()
    assert letter.value.suggested_filename.endswith(".docx")

    stack.issue_cards((KEEPER, KEEPER_NAME, KEEPER_NUMBER))
    keeper = walker(PHONE, user_agent=WECHAT)
    keeper.go("/sign-in/")
    keeper.sign_in(KEEPER, KEEPER_NAME)
    keeper.go("/nursing_rooms/mine/")
    keeper.page.get_by_role("link", name=re.compile("门锁松动")).click()
    keeper.look()
    finding = keeper.page.url
    keeper.go(page_of_it)
    keeper.page.locator("a[href$='/notice/file/']").click()
    assert "在浏览器打开" in keeper.look()
    keeper.go(finding)
    press(keeper, "answer")
    keeper.page.fill("#id_answer", "已换锁。")
    keeper.send()
    assert keeper.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    chair.go(finding)
    press(chair, "recheck")
    chair.page.check("input[name=accepted][value=yes]")
    chair.send()
    with stack.orm():
        assert RoomInspection.objects.get().state == InspectionState.CLOSED
