"""The page of the audit administrators, and the history on the pages of rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.audit.selectors import history
from portal.audit.services import audit_record
from portal.core.roles import Role
from portal.members.services.appointments import duty_give
from portal.members.services.people import member_update
from portal.organizations.services.organizations import organization_update
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province

pytestmark = pytest.mark.django_db
PAGE = "/audit/"


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def reader(city):
    return make_staff(city, Role.AUDIT_ADMINISTRATOR)


def test_only_audit_administrators_open_it(client, city):
    roles = {role: sign_in(client, make_staff(city, role)).get(PAGE).status_code for role in Role}
    assert {role for role, status in roles.items() if status == 200} == {Role.AUDIT_ADMINISTRATOR}
    assert set(roles.values()) == {200, 403}
    assert sign_in(client, make_member(city)).get(PAGE).status_code == 404


def test_it_names_who_did_what_and_not_what_the_row_says(client, city, reader):
    chair = make_staff(city, name="示例主席")
    member = make_member(city, name="示例欧阳娜娜")
    member_update(actor=chair, member=member, version=1, name="示例上官婉儿")
    audit_record(actor=member, action="consent.give", about=member, note="她的私事")
    text = sign_in(client, reader).get(PAGE).content.decode()
    assert "示例主席" in text
    assert "示**" in text
    assert [word for word in ("欧阳", "上官", "她的私事") if word in text] == []


def test_entries_of_another_city_are_not_shown_and_those_of_no_place_to_the_root_alone(client, city, reader):
    other = make_organization(name="示例乙市总工会")
    audit_record(actor=None, action="test.elsewhere", organization=other)
    audit_record(actor=None, action="test.nowhere")
    text = sign_in(client, reader).get(PAGE).content.decode()
    assert "test.elsewhere" not in text
    assert "test.nowhere" not in text
    root = sign_in(client, make_staff(make_province(), Role.AUDIT_ADMINISTRATOR)).get(PAGE).content.decode()
    assert "test.elsewhere" in root
    assert "test.nowhere" in root


def test_reading_it_is_an_entry_and_a_refusal_is_none(client, city, reader):
    sign_in(client, reader).get(PAGE, {"kind": "members.member", "actor": "7"})
    (entry,) = AuditEntry.objects.filter(action="audit.read")
    assert (entry.actor_id, entry.organization_path) == (reader.pk, city.path)
    assert entry.data == {"filters": ["actor", "kind"], "rows": 0}
    sign_in(client, make_staff(city, Role.CHAIR)).get(PAGE)
    assert AuditEntry.objects.filter(action="audit.read").count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-13-01", "x"])
def test_days_out_of_all_reason_are_no_error(client, reader, day):
    sign_in(client, reader)
    assert client.get(PAGE, {"since": day}).status_code == 200
    assert client.get(PAGE, {"until": day}).status_code == 200


def test_filters_narrow(client, city, reader):
    chair, cadre = make_staff(city), make_staff(city, Role.CADRE)
    given = duty_give(actor=None, member=cadre, organization=city, role=Role.REVIEWER)
    member_update(actor=chair, member=cadre, version=1, name="示例乙")
    sign_in(client, reader)

    def shown(**query):
        return {row.record.action for row in client.get(PAGE, query).context["table"].page.object_list}

    today = timezone.localdate().isoformat()
    assert shown(actor=chair.pk) == {"member.update"}
    assert shown(kind="members.duty", about=given.pk) == {"duty.give"}
    assert shown(what="update", since=today, until=today) == {"member.update"}
    assert shown(until="2020-01-01") == set()


def test_the_number_of_queries_does_not_depend_on_the_rows(client, city, reader):
    sign_in(client, reader)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    audit_record(actor=make_staff(city), action="test.one", organization=city)
    queries()
    before = queries()
    for _number in range(3):
        audit_record(actor=make_staff(city), action="test.more", organization=make_organization(parent=city))
    assert queries() == before <= 15


def test_every_row_with_a_page_shows_its_history(client, city):
    chair = make_staff(city, name="示例主席")
    member = make_member(city)
    member_update(actor=chair, member=member, version=1, name="示例新名")
    fields = {"name": city.name, "short_name": "甲市", "uscc": "", "employment_form": city.employment_form}
    organization_update(
        actor=chair, organization=city, version=1, region=city.region, founded_on=city.founded_on, **fields
    )
    sign_in(client, chair)
    for address in (
        reverse("members:member-detail", args=[member.pk]),
        reverse("organizations:organization-detail", args=[city.pk]),
    ):
        entries = client.get(address).context["entries"]
        assert [entry["by"] for entry in entries] == ["示例主席"]
        assert entries[0]["fields"]


def test_a_history_shortens_the_names_of_people_without_a_desk(city):
    """A name that a page shortens, such as that of a reporter, is not given in full in its history."""
    chair = make_staff(city, name="示例主席")
    audit_record(actor=make_member(city, name="示例会员"), action="test.one", about=city)
    audit_record(actor=chair, action="test.two", about=city)
    assert [entry["by"] for entry in history(city)] == ["示例主席", "示**"]


def test_reading_it_in_the_admin_is_an_entry_too(client, city, reader):
    entry = audit_record(actor=None, action="test.one", organization=city)
    sign_in(client, reader)
    assert client.get(reverse("admin:audit_auditentry_changelist")).status_code == 200
    assert client.get(reverse("admin:audit_auditentry_change", args=[entry.pk])).status_code == 200
    assert [row.actor_id for row in AuditEntry.objects.filter(action="audit.read")] == [reader.pk, reader.pk]
