"""What a browser or proxy may keep of the answers to a visitor.

It may keep the public pages named here, and nothing of signing in.
"""

import pytest
from django.test import Client
from django.urls import reverse

from portal.members.services.invitations import invitation_link, invitation_send
from portal.members.services.passwords import password_set
from portal.notices.choices import Audience, NoticeState
from tests.brief import BRIEF
from tests.factories.members import make_staff, phone_number
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization
from tests.hostile.walk import ADMINISTRATORS, make_home, visits

pytestmark = pytest.mark.django_db
PASSWORD = "Zhuyi-Anquan-2026"
# Pages that hold nothing personal and no way to sign in. For people who are signed in they must not be kept either.
KEPT = {
    "childcare:finder-list",
    "home",
    "matchmaking:meet-detail",
    "notices:posted-detail",
    "notices:posted-list",
    "nursing_rooms:finder-list",
    "nursing_rooms:finder-pins",
    "nursing_rooms:finder-place",
    "statistics:published",
    "web:privacy",
}


def kept(response):
    """Return whether a browser or proxy may keep an answer."""
    return "no-store" not in response.headers.get("Cache-Control", "")


def test_of_all_addresses_a_visitor_keeps_the_public_pages_alone(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.brief.BriefMiddleware"]
    settings.ROOT_URLCONF = "tests.brief"
    found, looked = set(), 0
    # A visitor has no session, so one visit to each page of the admin is enough.
    for visit in visits(make_home(), roles=ADMINISTRATORS[:1]):
        for method in ("get", "post"):
            # The headers say who may keep an answer.
            response = getattr(Client(raise_request_exception=False), method)(visit.path, **{BRIEF: True})
            looked += 1
            if kept(response):
                assert response.status_code == 200, (visit.path, method)
                found.add(visit.address.name)
    city = make_organization()
    notice = make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.PUBLIC)
    if kept(Client().get(reverse("notices:posted-detail", args=[notice.pk]))):
        found.add("notices:posted-detail")
    assert found == KEPT
    assert looked > 600


def test_every_step_of_the_ways_in_is_kept_nowhere(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"
    chair = make_staff(phone=phone_number(78))
    link = invitation_link(invitation_send(actor=None, member=chair).pk)
    token = link.rstrip("/").rsplit("/", 1)[1]
    password_set(actor=None, member=chair, login_name="shili", password=PASSWORD)
    client = Client()
    answers = [
        client.get("/sign-in/"),
        client.post("/sign-in/", {"phone": "x"}),
        client.post("/sign-in/", {"phone": phone_number(77)}),
        client.get("/sign-in/code/"),
        client.post("/sign-in/code/", {"code": "000000"}),
        client.post("/sign-in/code/", {"resend": "1"}),
        client.get("/sign-in/staff/"),
        client.post("/sign-in/staff/", {"login_name": "shili", "password": "wrong"}),
        client.post("/sign-in/staff/", {"login_name": "shili", "password": PASSWORD}),
        client.get("/sign-in/factor/"),
        client.get(f"/sign-in/invitation/{token}/"),
        client.get("/sign-in/invited/"),
        client.post("/sign-in/invited/", {"proof": "000000"}),
        client.get("/sign-in/invitation/nothing/"),
        client.get("/sign-in/invited/"),
        client.get("/members/"),
        client.post("/sign-out/"),
    ]
    assert [answer.request["PATH_INFO"] for answer in answers if kept(answer)] == []
    assert {200, 302, 404, 422, 429} <= {answer.status_code for answer in answers}


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("get", "/nowhere/", {}, 404),
        ("get", "/%00", {}, 400),
        ("get", "/notices/999999999/", {}, 302),
        ("get", "/?x=%00", {}, 400),
        ("post", "/sign-in/", {"data": "x" * 100, "content_type": "text/plain", "CONTENT_LENGTH": "1000000000"}, 413),
        ("put", "/", {}, 405),
    ],
)
def test_refusals_are_kept_nowhere(method, path, options, status):
    response = getattr(Client(raise_request_exception=False), method)(path, **options)
    assert (response.status_code, kept(response)) == (status, False)


def test_a_form_from_elsewhere_is_refused_and_not_kept():
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"phone": phone_number(1)})
    assert (response.status_code, kept(response)) == (403, False)


def test_an_answer_that_broke_is_not_kept(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("portal.web.home.blocks", broken)
    response = Client(raise_request_exception=False).get("/")
    assert (response.status_code, kept(response)) == (500, False)
