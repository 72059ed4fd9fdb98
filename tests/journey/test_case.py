"""A request for help in real Chromium: asked on a phone, handled by the county, closed by a second person, reopened."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.core.roles import Role
from portal.members.services.passwords import password_set
from rights.choices.cases import CaseState
from rights.models import RightsCase
from tests.browser import DESK, PHONE
from tests.factories.members import make_staff, phone_number
from tests.factories.rights import make_line, make_rights_law
from tests.journey.walk import PASSWORD

CADRE, CHAIR, NEIGHBOUR = phone_number(9201), phone_number(9202), phone_number(9203)
STORY, RESULT, AGAIN = "单位在我孕期口头通知不用再来上班。", "单位已书面恢复劳动关系。", "单位又让我回家等通知。"


@pytest.fixture(scope="module")
def region(stack):
    """A county with its cadre and its chair, and the chair of another county."""
    with stack.orm():
        make_rights_law()
        line, other = make_line(), make_line("230202")
        people = (
            ("cadre-cases", CADRE, Role.CADRE, line.county),
            ("chair-cases", CHAIR, Role.CHAIR, line.county),
            ("chair-beside", NEIGHBOUR, Role.CHAIR, other.county),
        )
        for login_name, phone, role, place in people:
            member = make_staff(place, role=role, name=f"示例{Role(role).label}"[:6], phone=phone)
            password_set(actor=None, member=member, login_name=login_name, password=PASSWORD)
    return line.region


def press(person, link):
    """Open an action of the page that is shown, wherever its button is."""
    href = person.page.locator(f"a[href$='{link}/']").first.get_attribute("href")
    return person.go(href)


def ask(woman, region):
    """Send the request without a name; return the code of the receipt."""
    page = woman.page
    page.check("input[name=naming][value=anonymous]")
    page.select_option("#id_region", region.pk)
    page.select_option("#id_category", "dismissal")
    page.select_option("#id_period", "pregnancy")
    page.fill("#id_story", STORY)
    page.check("#id_agreed")
    woman.send()
    code = re.search(r"\d{4}-\d{4}-\d{4}-\d{4}", woman.text)[0]
    page.fill("#id_code", code.replace("-", " "))
    woman.send()
    return code


def follow(woman, code):
    woman.go("/rights/help/follow/")
    woman.page.fill("#id_code", code)
    return woman.send()


def test_from_the_phone_to_the_closing_and_back(stack, region, walker, watch):
    watch.allow("status of 404")
    woman = walker(PHONE)
    woman.go("/rights/help/")
    code = ask(woman, region)
    assert code not in woman.page.content()
    woman.page.go_back()
    assert code not in woman.page.content()

    cadre, chair, beside = walker(DESK), walker(DESK), walker(DESK)
    cadre.sign_in_staff("cadre-cases", CADRE)
    chair.sign_in_staff("chair-cases", CHAIR)
    beside.sign_in_staff("chair-beside", NEIGHBOUR)
    with stack.orm():
        case = RightsCase.objects.get()
        url = case.get_absolute_url()
    beside.go("/rights/cases/")
    assert url not in beside.page.content()
    assert beside.page.goto(url).status == 404

    cadre.go("/rights/cases/")
    cadre.go(url)
    assert STORY in cadre.text
    press(cadre, "accept")
    cadre.send()
    press(cadre, "step")
    cadre.page.select_option("#id_kind", "mediate")
    cadre.page.fill("#id_on", timezone.localdate().isoformat())
    cadre.send()
    press(cadre, "write")
    cadre.page.fill("#id_text", "请补充劳动合同。")
    cadre.send()

    assert "请补充劳动合同。" in follow(woman, code)
    woman.page.fill("#id_text", "合同在单位手里。")
    woman.send()
    cadre.go(url)
    assert "合同在单位手里。" in cadre.text

    press(cadre, "propose")
    cadre.page.select_option("#id_outcome", "mediated")
    cadre.page.fill("#id_result", RESULT)
    cadre.send()
    chair.go(url)
    press(chair, "approve")
    chair.send()

    woman.go("/rights/help/request/")
    assert RESULT in woman.text
    woman.go("/rights/help/request/answer/")
    woman.page.check("input[name=solved][value=no]")
    woman.send()
    woman.go("/rights/help/request/reopen/")
    woman.page.fill("#id_text", AGAIN)
    woman.send()
    expect(woman.page).to_have_url(re.compile(r"/rights/help/request/$"))
    chair.go(url)
    assert AGAIN in chair.text
    with stack.orm():
        assert RightsCase.objects.get().state == CaseState.HANDLING
    assert woman.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    woman.assert_nothing_is_stored(since=1)
