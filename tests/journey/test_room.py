"""A nursing room in real Chromium: found by a visitor, counted and reported at the door, mended by its manager."""

from datetime import date

import pytest

from nursing_rooms.choices.reports import ReportState, Trouble
from nursing_rooms.models import RoomDay, RoomReport
from portal.core.roles import Role
from portal.members.services.passwords import password_set
from tests.browser import DESK, PHONE
from tests.factories.members import identity_number, make_entry, make_staff, phone_number
from tests.factories.nursing_rooms import make_manager, make_plate, make_room
from tests.factories.organizations import make_organization
from tests.factories.rights import make_rights_law
from tests.journey.walk import PASSWORD

CHAIR, MANAGER = phone_number(9301), phone_number(9302)
NAME, NUMBER = "示例管理员", identity_number(302)


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
    assert not visitor.page.locator("form[data-visit]").is_visible()
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
