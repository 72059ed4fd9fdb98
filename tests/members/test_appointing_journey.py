"""In Chromium: a chair proposes a cadre whose account is new, and the level above approves."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.members.models import Appointment, Duty, Member
from tests.browser import DESK, PHONE, accessible
from tests.factories.members import make_entry, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province


def signed_in(stack, member, page, language):
    """Sign ``member`` in on ``page``, as Client does, and return the page."""
    with stack.orm():
        client = sign_in(Client(), Member.objects.get(pk=member.pk))
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
    page.context.add_cookies([{"name": name, "value": value, "url": stack.url} for name, value in cookies.items()])
    return page


@pytest.mark.parametrize(("viewport", "language", "serial"), [(DESK, "en", 1), (PHONE, "zh-hans", 2)])
def test_a_second_person_approves(stack, open_page, tmp_path, viewport, language, serial):
    with stack.orm():
        city = make_organization(name=f"示例{serial}市总工会")
        chair, above = make_staff(city, name="示例主席"), make_staff(make_province(), name="示例省主席")
        person = make_entry(city, name=f"示例新人{serial}", phone=phone_number(9500 + serial))
    page = signed_in(stack, chair, open_page(viewport=viewport), language)
    page.goto(f"/duties/new/?member={person.pk}")
    assert "示例省主席" in page.text_content("main")
    accessible(page)
    page.screenshot(path=tmp_path / "propose.png", full_page=True)
    page.select_option("select[name=role]", "cadre")
    page.fill("input[name=valid_from]", timezone.localdate().isoformat())
    page.click("form:has([name=valid_from]) .btn-primary")
    page.wait_for_url("**/appointments/*/")
    accessible(page)
    page.screenshot(path=tmp_path / "proposed.png", full_page=True)

    page = signed_in(stack, above, open_page(viewport=viewport), language)
    page.goto("/appointments/")
    accessible(page)
    page.screenshot(path=tmp_path / "list.png", full_page=True)
    page.click(f"main a:has-text('示例新人{serial}')")
    accessible(page)
    page.screenshot(path=tmp_path / "decide.png", full_page=True)
    page.click("a[href$='/approve/']")
    accessible(page)
    page.screenshot(path=tmp_path / "approve.png", full_page=True)
    page.click(".confirm form .btn-primary")
    page.wait_for_url("**/appointments/*/")
    page.screenshot(path=tmp_path / "approved.png", full_page=True)
    with stack.orm():
        assert Duty.objects.get(member=person).confirmed_by_id == above.pk
        assert Appointment.objects.get(member=person).state == "approved"
