"""A roster is imported through browser and worker; nobody has to reload a page."""

import re

import pytest
from django.test import Client

from portal.core.roles import Role
from portal.members.models import Member
from portal.organizations.models import Organization
from tests.browser import DESK, PHONE, accessible
from tests.exchange import files
from tests.exchange.people import person
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

HEADINGS = ["unit", "name", "sex", "identity_number", "phone"]


@pytest.fixture(scope="module")
def city(stack):
    with stack.orm():
        city = make_organization(name="示例市总工会")
        make_unit(city, name="示例纺织厂工会")
        make_staff(city, role=Role.CADRE)
    return city


def signed_in(stack, city, page, language):
    with stack.orm():
        client = sign_in(Client(), Member.objects.get(organization=city, duty__role=Role.CADRE))
    cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
    page.context.add_cookies([{"name": name, "value": value, "url": stack.url} for name, value in cookies.items()])
    return page


def roster(numbers, unit="示例纺织厂工会"):
    lines = [person(number, unit=unit) for number in numbers]
    names = ["name", "sex", "identity_number", "phone", "birth_date", "unit"]
    lines = [dict(zip(names, line, strict=False)) for line in lines]
    for line in lines:
        line["sex"] = "男" if int(line["identity_number"][16]) % 2 else "女"
    return files.xlsx([HEADINGS, *([line[heading] for heading in HEADINGS] for line in lines)])


def upload(page, data):
    page.goto("/exchange/members.roster/")
    accessible(page)
    page.set_input_files(
        "input[type=file]", {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    )
    page.click("form[enctype] button")
    page.wait_for_url(re.compile(r"/exchange/runs/\d+/"))


@pytest.mark.parametrize(("viewport", "language", "first"), [(DESK, "en", 100), (PHONE, "zh-hans", 200)])
def test_a_roster_goes_in(stack, city, open_page, viewport, language, first):
    page = signed_in(stack, city, open_page(viewport=viewport), language)
    upload(page, roster(range(first, first + 60), unit="没有的单位"))
    page.wait_for_selector("#faults-title", timeout=30_000)
    accessible(page)

    upload(page, roster(range(first, first + 3)))
    page.click("form[action$='/confirm/'] button", timeout=30_000)
    page.wait_for_selector(".note-success", timeout=30_000)
    accessible(page)
    page.click("a[href$='/take-back/']")
    accessible(page)
    page.goto("/exchange/runs/")
    accessible(page)
    page.goto("/exchange/")
    accessible(page)
    with stack.orm():
        unit = Organization.objects.get(name="示例纺织厂工会")
        assert Member.objects.filter(organization=unit, pinyin__contains=str(first)).count() == 1
