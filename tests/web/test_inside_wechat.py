"""Downloads inside WeChat lead to a page that says how to open the browser; a browser goes on from there."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from portal.core.roles import Role
from tests.factories.members import make_staff, sign_in

pytestmark = pytest.mark.django_db
ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49"
)
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36"
FILE = "/exchange/members.roster/template/"


@pytest.fixture
def chair(client):
    sign_in(client, make_staff(role=Role.CHAIR))
    return client


def inside(client, path, **extra):
    return client.get(path, headers={"User-Agent": ANDROID}, **extra)


def test_a_download_says_how_to_open_the_browser(chair):
    answer = inside(chair, f"{FILE}?a=1&b=%E4%BA%8C", follow=True)
    (address, status) = answer.redirect_chain[-1]
    assert status == 302
    assert parse_qs(urlsplit(address).query)["next"] == [f"{FILE}?a=1&b=%E4%BA%8C"]
    page = answer.content.decode()
    assert "在浏览器打开" in page
    assert f'href="{FILE}?a=1&amp;b=%E4%BA%8C&amp;here=1"' in page
    # The browser that opens this page gets the file itself.
    onward = chair.get(address, headers={"User-Agent": PHONE})
    assert onward["Location"] == f"{FILE}?a=1&b=%E4%BA%8C"
    assert chair.get(onward["Location"], headers={"User-Agent": PHONE})["Content-Disposition"].startswith("attachment")


def test_who_wants_the_file_inside_wechat_gets_it(chair):
    assert inside(chair, f"{FILE}?here=1")["Content-Disposition"].startswith("attachment")


def test_pages_stay_as_they_are(chair):
    for path in ("/", reverse("members:member-list"), "/privacy/"):
        assert inside(chair, path).status_code == 200


def test_what_a_button_sends_leads_back_to_the_page_with_the_button(chair):
    session = chair.session
    session["code_at"] = time.time()
    session.save()
    page = f"http://testserver{reverse('members:member-download')}?x=1"
    for referer, wanted in (
        (page, f"{reverse('members:member-download')}?x=1"),
        ("http://elsewhere.invalid/me/", "/"),
        ("", "/"),
    ):
        answer = chair.post(
            reverse("members:member-download"), {"form": "json"}, headers={"User-Agent": ANDROID, "Referer": referer}
        )
        assert parse_qs(urlsplit(answer["Location"]).query) == {"next": [wanted]}
    assert "here=1" not in inside(chair, answer["Location"]).content.decode()


@pytest.mark.parametrize("wanted", ["https://elsewhere.invalid/", "//elsewhere.invalid/", "javascript:alert(1)", ""])
def test_the_page_leads_nowhere_else(client, wanted):
    answer = client.get(reverse("web:browser"), {"next": wanted}, headers={"User-Agent": PHONE})
    assert answer["Location"] == "/"
    page = inside(client, f"{reverse('web:browser')}?link=1&next={wanted}").content.decode()
    assert 'href="/?here=1"' in page
    assert not re.search("href=.(//|https:|javascript:)", page)
