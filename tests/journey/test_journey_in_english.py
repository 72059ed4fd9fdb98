"""A short journey in English: the language is changed on the page that the reader is on."""

import re
from datetime import date

from playwright.sync_api import expect

from matchmaking.models import EventMatchmaker
from portal.members.models import Member
from portal.members.services.passwords import password_set
from portal.organizations.models import Organization
from tests.browser import DESK, PHONE
from tests.factories.matchmaking import declare, make_event, make_law
from tests.factories.members import identity_number, make_entry, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit
from tests.journey.walk import PASSWORD


def speak_english(walker):
    """Change the language by the switch of the page frame; the address stays the same."""
    button = walker.page.locator("button[name=language][value=en]").locator("visible=true")
    if not button.count():
        walker.page.locator("details.menu summary").locator("visible=true").last.click()
    path = walker.page.url
    button.first.click()
    expect(walker.page.locator("html")).to_have_attribute("lang", "en")
    assert walker.page.url == path


def test_the_journey_in_english(stack, walker):
    with stack.orm():
        make_law()
        other = make_organization(name="Example City Federation of Trade Unions")
        unit = make_unit(other, name="Example Mill Union")
        planner = make_staff(other, name="Example Planner")
        event = make_event(other, title="Example Evening", summary="An evening online.", created_by=planner)
        phone, number = phone_number(81), identity_number(81)
        lin = make_entry(
            unit,
            name="Example Lin",
            phone=phone,
            identity_number=number,
            birth_date=date(1995, 3, 7),
        )
        declare(lin)
        cadre = make_staff(other, name="Example Cadre", phone=phone_number(82))
        password_set(actor=None, member=cadre, login_name="cadre-english", password=PASSWORD)
        link = event.get_member_url()

    stack.issue_cards((phone, "Example Lin", number))
    single = walker(PHONE)
    single.go(link)
    speak_english(single)
    single.page.locator("a[href$='/join/']").click()
    single.sign_in(phone, "Example Lin")
    single.page.fill("#id_line", "Hiking on weekends")
    single.page.check("#id_agree")
    single.send()
    assert "Your place is confirmed" in single.text
    assert "You are taking part" in single.go(link)
    single.go("/messages/")
    single.go("/me/")

    desk = walker(DESK)
    desk.sign_in_staff("cadre-english", phone_number(82))
    speak_english(desk)
    for path in ("/", "/matchmaking/events/", event.get_absolute_url(), "/members/", "/exchange/", "/organizations/"):
        desk.go(path)
        text = desk.page.locator("main").inner_text()
        # The province, which has a Chinese name, is in the line of every organisation.
        assert set(re.findall(r"[\u4e00-\u9fff]+", text)) <= {"示例省总工会"}, path
    with stack.orm():
        assert Organization.objects.get(pk=other.pk).name.startswith("Example")
        assert EventMatchmaker.objects.filter(event=event).count() == 0
        assert Member.objects.get(name="Example Lin").activated_at is not None
