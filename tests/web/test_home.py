"""Theme, language, the organisation switch, and the first pages."""

import pytest
from django.urls import reverse

from portal.core.roles import Role
from portal.members.models import Member
from tests.factories.matchmaking import make_event
from tests.factories.members import make_duty, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db
AWAY = ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org", "http:///x", ""]


def test_health(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_theme_is_kept_in_a_cookie(client, theme):
    response = client.post(reverse("web:theme"), {"theme": theme, "next": "/sign-in/?a=1"})
    assert (response.status_code, response.url) == (302, "/sign-in/?a=1")
    cookie = response.cookies["theme"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == (theme, "Lax", True)
    assert ('data-bs-theme="dark"' in client.get("/").content.decode()) == (theme == "dark")


def test_an_unknown_theme_is_not_kept(client):
    response = client.post(reverse("web:theme"), {"theme": '"><script>'})
    assert (response.status_code, response.cookies.get("theme")) == (302, None)
    client.cookies["theme"] = '"><script>'
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("name", ["web:theme", "web:language", "web:switch"])
@pytest.mark.parametrize("target", AWAY)
def test_nobody_is_sent_to_another_site(client, name, target):
    sign_in(client, make_staff())
    response = client.post(reverse(name), {"next": target, "theme": "dark", "language": "en", "organization": "1"})
    assert (response.status_code, response.url) == (302, "/")
    assert client.get(reverse(name)).status_code == 405


def test_the_language_is_kept_for_the_person(client):
    member = make_member()
    sign_in(client, member)
    assert 'lang="zh-Hans"' in client.get("/me/").content.decode()
    response = client.post(reverse("web:language"), {"language": "en", "next": "/me/"})
    assert response.url == "/me/"
    assert Member.objects.get(pk=member.pk).language == "en"
    del client.cookies["django_language"]
    assert 'lang="en"' in client.get("/me/").content.decode()


@pytest.mark.parametrize("language", ["xx", "", "en'--", "../../etc"])
def test_an_unknown_language_changes_nothing(client, language):
    member = make_member()
    sign_in(client, member)
    assert client.post(reverse("web:language"), {"language": language}).status_code == 302
    assert Member.objects.get(pk=member.pk).language == ""
    assert 'lang="zh-Hans"' in client.get("/me/").content.decode()


@pytest.fixture
def two_cities():
    return make_organization(name="示例甲市总工会"), make_organization(name="示例乙市总工会")


def test_the_switch_narrows_what_is_shown_not_what_is_allowed(client, two_cities):
    first, second = two_cities
    cadre = make_staff(first, role=Role.CADRE)
    make_duty(cadre, second)
    there = make_event(second, title="乙市的活动")
    sign_in(client, cadre)
    events = reverse("matchmaking:event-list")
    assert "乙市的活动" in client.get(events).content.decode()
    response = client.post(reverse("web:switch"), {"organization": first.pk, "next": events})
    assert response.url == events
    assert "乙市的活动" not in client.get(events).content.decode()
    assert client.get(there.get_absolute_url()).status_code == 200
    client.post(reverse("web:switch"), {"organization": second.pk})
    assert "乙市的活动" in client.get(events).content.decode()


@pytest.mark.parametrize("chosen", ["", "0", "x", "9" * 40, "-1"])
def test_the_switch_takes_only_what_her_duties_give(client, two_cities, chosen):
    first, second = two_cities
    make_event(second, title="乙市的活动")
    sign_in(client, make_staff(first))
    for value in (chosen, second.pk):
        assert client.post(reverse("web:switch"), {"organization": value}).status_code == 302
        assert "here" not in client.session
    assert "乙市的活动" not in client.get(reverse("matchmaking:event-list")).content.decode()


def test_each_person_has_her_first_page(client):
    shells = {}
    people = {"visitor": None, "member": make_member(), "staff": make_staff()}
    for who, person in people.items():
        client.logout()
        if person:
            sign_in(client, person)
        text = client.get("/").content.decode()
        shells[who] = next(kind for kind in ("plain", "member", "desk") if f'class="shell-{kind}"' in text)
    assert shells == {"visitor": "plain", "member": "member", "staff": "desk"}


def test_what_waits_stands_on_the_first_page(client, two_cities):
    chair = make_staff(two_cities[0])
    make_event(two_cities[0], title="等待审批的活动", state="submitted")
    make_event(two_cities[1], title="别市的活动", state="submitted")
    sign_in(client, chair)
    text = client.get("/").content.decode()
    assert "等待审批的活动" in text
    assert "别市的活动" not in text
