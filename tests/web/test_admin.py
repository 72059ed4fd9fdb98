"""The admin: who may enter, what they can reach, and that its pages show nothing personal."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.roles import Role
from portal.members.models import Duty, Member
from portal.organizations.models import Organization
from tests.factories.members import identity_number, make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)
LIST = "/admin/members/member/"
IDENTITY, PHONE = identity_number(77), phone_number(7_777_777)


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def person(city):
    return make_member(
        make_unit(city, name="示例甲厂工会"),
        name="示例欧阳",
        identity_number=IDENTITY,
        phone=PHONE,
        identity_kind="resident",
    )


def text(client, path, **kwargs):
    response = client.get(path, **kwargs)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_administrators_alone_get_in(client, role):
    sign_in(client, make_staff(role=role))
    status = client.get("/admin/").status_code
    assert status == 200 if role in ADMINISTRATORS else status in (302, 404)
    assert (client.get(LIST).status_code == 200) == (role in ADMINISTRATORS[:2])


def test_members_and_visitors_do_not_get_in(client):
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/sign-in/staff/?next=")
    sign_in(client, make_staff(role=Role.SYSTEM_ADMINISTRATOR))
    assert client.get("/admin/login/?next=/admin/members/").url == "/admin/members/"
    assert client.get("/admin/login/?next=//example.org/").url == "/admin/"
    client.logout()
    sign_in(client, make_member())
    assert client.get("/admin/", follow=True).status_code == 404


def shown_on_the_index(client, role):
    """Return {model: page of its list} of every list that the index shows to the province's ``role``."""
    sign_in(client, make_staff(make_province(), role=role))
    groups = client.get("/admin/").context["app_list"]
    return {model["model"]: model["admin_url"] for group in groups for model in group["models"]}


def test_every_register_is_shown_to_an_administrator_and_opens(client):
    """Every model in the admin is open to some administrator; otherwise it has no place there."""
    shown = {}
    for role in ADMINISTRATORS:
        found = shown_on_the_index(client, role)
        assert {url for url in found.values() if client.get(url).status_code != 200} == set(), role
        shown |= found
    assert {model._meta.label for model in admin.site._registry.keys() - shown.keys()} == set()


def test_the_index_leads_to_no_area_out_of_service(client, settings):
    settings.PORTAL_AREAS = [area for area in settings.PORTAL_AREAS if area != "matchmaking"]
    urls = shown_on_the_index(client, Role.SYSTEM_ADMINISTRATOR).values()
    assert urls
    assert [url for url in urls if "matchmaking" in url] == []


def test_rows_of_another_city_are_not_there(client, person):
    elsewhere = make_member(make_unit(make_organization(name="示例乙市总工会"), name="示例乙厂工会"))
    sign_in(client, make_staff(person.organization.parent, role=Role.SYSTEM_ADMINISTRATOR))
    people = text(client, LIST)
    assert f"Member {person.pk}" in people
    assert f"Member {elsewhere.pk}" not in people
    places = text(client, "/admin/organizations/organization/")
    assert "示例甲厂工会" in places
    assert "示例乙厂工会" not in places
    for path in (
        f"{LIST}{elsewhere.pk}/change/",
        f"/admin/organizations/organization/{elsewhere.organization_id}/change/",
    ):
        assert client.get(path).status_code == 302
        assert client.post(path, {"name": "x"}).status_code in (302, 403)


@pytest.mark.parametrize("term", [IDENTITY, PHONE, "欧阳"])
def test_a_look_up_keeps_its_term_out_of_the_address(client, city, person, term):
    others = [make_member(make_unit(city)) for _number in range(3)]
    sign_in(client, make_staff(city, role=Role.SYSTEM_ADMINISTRATOR))
    response = client.post("/admin/members/member/find/", {"term": term})
    assert (response.status_code, response.url) == (302, LIST)
    found = text(client, LIST)
    assert f"Member {person.pk}" in found
    assert [other.pk for other in others if f"Member {other.pk}<" in found] == []
    assert IDENTITY not in found
    assert PHONE not in found
    client.post("/admin/members/member/find/", {"term": ""})
    assert f"Member {others[0].pk}" in text(client, LIST)


def test_nothing_personal_stands_in_clear(client, city, person):
    sign_in(client, make_staff(city, role=Role.SYSTEM_ADMINISTRATOR))
    duty = make_staff(city, phone=phone_number(8_888_888)).duties[0]
    pages = [
        "/admin/",
        LIST,
        f"{LIST}{person.pk}/change/",
        f"{LIST}{person.pk}/history/",
        "/admin/members/duty/",
        f"/admin/members/duty/{duty.pk}/change/",
        "/admin/messaging/message/",
        "/admin/messaging/job/",
    ]
    for path in pages:
        response = client.get(path, follow=True)
        words = response.content.decode()
        for secret in (IDENTITY, PHONE, "示例欧阳", phone_number(8_888_888)):
            assert secret not in words, path


def test_a_duty_is_given_through_the_service(client, city, person):
    security = make_staff(city, role=Role.SECURITY_ADMINISTRATOR)
    sign_in(client, security)
    data = {
        "member": person.pk,
        "organization": city.pk,
        "role": Role.CADRE,
        "valid_from": timezone.localdate().isoformat(),
        "valid_until": "",
    }
    response = client.post("/admin/members/duty/add/", data)
    assert response.status_code == 302
    duty = Duty.objects.get(member=person)
    assert (duty.given_by_id, duty.role) == (security.pk, Role.CADRE)
    assert AuditEntry.objects.filter(action="duty.give", about_id=duty.pk, actor=security).count() == 1

    elsewhere = make_organization()
    for wrong in ({"member": security.pk}, {"organization": elsewhere.pk}, {"role": Role.SYSTEM_ADMINISTRATOR}):
        assert client.post("/admin/members/duty/add/", data | wrong).status_code == 200
    assert Duty.objects.filter(given_by=security).count() == 1

    response = client.post("/admin/members/duty/", {"action": "end_today", "_selected_action": [duty.pk]})
    assert response.status_code == 302
    assert not Duty.objects.current().filter(member=person).exists()
    assert LogEntry.objects.count() == 0


def test_an_organization_is_changed_through_the_service(client, city):
    unit = make_unit(city, name="示例甲厂工会")
    administrator = make_staff(city, role=Role.SYSTEM_ADMINISTRATOR)
    sign_in(client, administrator)
    path = f"/admin/organizations/organization/{unit.pk}/change/"
    assert "name" in text(client, path)
    data = {
        "name": "示例甲厂工会（新）",
        "short_name": "",
        "region": "",
        "uscc": "",
        "founded_on": "",
        "employment_form": unit.employment_form,
    }
    response = client.post(path, data)
    assert response.status_code == 302, response.content.decode()[-3000:]
    changed = Organization.objects.get(pk=unit.pk)
    assert (changed.name, changed.version) == ("示例甲厂工会（新）", unit.version + 1)
    assert AuditEntry.objects.filter(about_id=unit.pk, actor=administrator).count() == 1
    assert LogEntry.objects.count() == 0


def row_of(person):
    member = Member.objects.get(pk=person.pk)
    return {field.attname: str(getattr(member, field.attname)) for field in Member._meta.concrete_fields}


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_nobody_changes_people_by_hand(client, city, person, role):
    sign_in(client, make_staff(city, role=role))
    before = row_of(person)
    for path in (f"{LIST}{person.pk}/change/", f"{LIST}{person.pk}/delete/", f"{LIST}add/"):
        assert client.post(path, {"name": "x", "post": "yes", "is_active": ""}).status_code in (403, 404)
    assert row_of(person) == before


def test_the_pages_of_the_admin_ask_the_same_at_every_size(client, city):
    from tests.pages.counting import queries_of

    sign_in(client, make_staff(city, role=Role.SYSTEM_ADMINISTRATOR))
    for path in (LIST, "/admin/organizations/organization/", "/admin/members/duty/"):
        counts = []
        for number in (1, 2):
            for _count in range(number):
                make_staff(make_unit(city), role=Role.CADRE)
            counts.append(queries_of(client, path))
        assert counts[0] == counts[1] <= 15, path
