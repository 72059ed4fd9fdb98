"""Four journeys of an account at a width of 390 px.

It is opened, moved to a new SIM, recovered after a lost phone, and protected from a thief.
"""

import json
import re
from datetime import date

import pytest
from django.utils import translation
from playwright.sync_api import expect

from portal.core.roles import Role
from portal.members.choices import IdentityKind, PhoneChangeState
from portal.members.models import Member, PhoneChange, SignInCode
from portal.members.services.passwords import password_set
from tests.browser import DESK, PHONE
from tests.factories.members import identity_number, make_entry, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit
from tests.journey.walk import PASSWORD

FIRST, SECOND, THIRD, THIEF = (phone_number(9300 + number) for number in range(4))
CADRE, CHAIR = phone_number(9310), phone_number(9311)
NUMBER, NAME = identity_number(393), "示例沈秋"


def say(words):
    with translation.override("zh-hans"):
        return translation.gettext(words)


@pytest.fixture
def place(stack):
    """A unit with its cadre, the chair of the city above it, and a person on the roster."""
    with stack.orm():
        city = make_organization(name="示例账号市总工会")
        unit = make_unit(city, name="示例账号厂工会")
        cadre = make_staff(unit, Role.CADRE, name="示例干事", phone=CADRE)
        chair = make_staff(city, name="示例主任", phone=CHAIR)
        password_set(actor=None, member=cadre, login_name="account-cadre", password=PASSWORD)
        password_set(actor=None, member=chair, login_name="account-chair", password=PASSWORD)
        make_entry(
            unit,
            name=NAME,
            phone=FIRST,
            identity_kind=IdentityKind.RESIDENT,
            identity_number=NUMBER,
            birth_date=date(1995, 3, 7),
        )
    stack.issue_cards((FIRST, NAME, NUMBER), (THIEF, "示例他人", identity_number(394)))
    return unit


def text_to(stack, phone, pattern):
    sent = [json.loads(path.read_text(encoding="utf-8")) for path in stack.sms_dir.glob("*.json")]
    found = [
        re.search(pattern, one["text"]) for one in sorted(sent, key=lambda one: one["at"]) if one["phone"] == phone
    ]
    return [match[1] for match in found if match][-1]


def waited_text(stack, phone, pattern, page):
    """Wait for a text message from the worker; return the part of it that matches ``pattern``."""
    for _try in range(60):
        try:
            return text_to(stack, phone, pattern)
        except IndexError:
            page.wait_for_timeout(500)
    raise AssertionError(f"no message to {phone[-4:]}")


def sign_in(walk, phone, name=""):
    walk.go("/sign-in/")
    walk.page.fill("#id_phone", phone)
    walk.send()
    walk.page.fill("#id_code", walk.code(phone))
    text = walk.send()
    if walk.page.locator("#id_name").count() and name:
        walk.page.fill("#id_name", name)
        text = walk.send()
    return text


def her(stack):
    with stack.orm():
        return Member.objects.get(name=NAME)


def open_account(stack, walker):
    phone = walker(PHONE)
    sign_in(phone, FIRST, NAME)
    assert say("You are confirmed") in phone.go("/me/proof/")
    phone.go("/me/children/")
    expect(phone.page).to_have_url(re.compile(r"/me/children/$"))
    assert say("Account opened") in phone.go("/me/history/")
    phone.go("/me/security/paper-codes/")
    phone.send()
    codes = phone.page.locator("main code").all_inner_texts()
    assert len(codes) == 3
    return codes


def move_to_new_sim(stack, walker):
    stack.issue_cards((SECOND, NAME, NUMBER))
    phone = walker(PHONE)
    sign_in(phone, SECOND)
    assert say("Keep your number") in phone.go("/sign-in/lost/")
    phone.page.get_by_role("link", name=say("I had an account with another number")).click()
    phone.look()
    phone.page.fill("#id_name", NAME)
    phone.page.fill("#id_identity_number", NUMBER)
    phone.send()
    phone.go("/me/children/")
    expect(phone.page).to_have_url(re.compile(r"/me/children/$"))
    assert (her(stack).phone, her(stack).opens_secrets) == (SECOND, True)


def come_back_after_a_lost_phone(stack, walker, paper_code):
    cadre = walker(DESK)
    cadre.sign_in_staff("account-cadre", CADRE)
    cadre.go(f"/members/{her(stack).pk}/edit/")
    cadre.page.fill("#id_phone", THIRD)
    cadre.send()
    expect(cadre.page).to_have_url(re.compile(r"/members/phones/\d+/$"))
    page = cadre.page.url.removeprefix(stack.url)

    def see(desk):
        desk.go(page)
        desk.page.get_by_role("link", name=say("I have seen this person")).click()
        desk.look()
        with desk.page.expect_navigation():
            desk.page.locator("button[name=send]").click()
        desk.look()
        desk.page.check("input[name=how][value=in_person]")
        desk.page.fill("#id_code", desk.code(THIRD))
        desk.send()

    see(cadre)
    assert her(stack).phone == SECOND
    chair = walker(DESK)
    chair.sign_in_staff("account-chair", CHAIR)
    assert say("Have you seen the person? A change of number is pending: %(unit)s").split("：")[0] in chair.go("/")
    # A code for a phone may be requested only once a minute.
    with stack.orm():
        SignInCode.objects.all().delete()
    see(chair)
    assert her(stack).phone == THIRD

    phone = walker(PHONE)
    with stack.orm():
        SignInCode.objects.all().delete()
    sign_in(phone, THIRD)
    assert say("Private pages are closed for now") in phone.go("/")
    phone.go("/me/children/")
    expect(phone.page).to_have_url(re.compile(r"/me/proof/"))
    phone.page.get_by_role("link", name=say("I have a recovery code")).click()
    phone.look()
    phone.page.fill("#id_code", paper_code)
    phone.send()
    phone.go("/me/children/")
    expect(phone.page).to_have_url(re.compile(r"/me/children/$"))


def stop_a_take_over(stack, walker):
    cadre = walker(DESK)
    cadre.sign_in_staff("account-cadre", CADRE)
    cadre.go(f"/members/{her(stack).pk}/edit/")
    cadre.page.fill("#id_phone", THIEF)
    cadre.send()

    phone = walker(PHONE)
    code = waited_text(stack, THIRD, r"输入([2-9A-Z]{6})", phone.page)
    phone.go("/sign-in/")
    phone.page.get_by_role("link", name=say("Stop a change"), exact=True).click()
    phone.look()
    phone.page.fill("#id_phone", THIRD)
    phone.page.fill("#id_code", "222222")
    phone.send()
    phone.page.fill("#id_code", code)
    phone.send()
    assert say("Stopped. The account keeps its number, and your union has been notified.") in phone.text
    with stack.orm():
        change = PhoneChange.objects.order_by("-pk").first()
        assert (change.state, her(stack).phone) == (PhoneChangeState.STOPPED, THIRD)
    thief = walker(PHONE)
    sign_in(thief, THIEF)
    assert say("Not on a roster yet") in thief.text


def test_an_account_is_opened_moved_got_back_and_kept(stack, walker, place, watch):
    watch.allow("status of 422")
    codes = open_account(stack, walker)
    move_to_new_sim(stack, walker)
    come_back_after_a_lost_phone(stack, walker, codes[0])
    stop_a_take_over(stack, walker)
