"""The first days of a province, as browser requests, from ``setup_portal`` to a cadre of a county."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from portal.core.roles import Role
from portal.members.choices import AppointmentState, ProofMeans
from portal.members.models import Appointment, Duty, Member
from portal.members.selectors import appointment_seconds
from portal.members.services.appointments import appointment_withdraw, duty_give
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from tests.factories.members import identity_number, phone_number, sign_in
from tests.factories.organizations import make_organization
from tests.members.test_appointing import TODAY, fresh
from tests.members.test_appointing_root import KINDS, Root

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return Root()


ANSWERS = {
    "province": "230000",
    "name": "示例省总工会",
    "short_name": "示例省",
    "system": {"name": "示例甲", "sex": "female", "phone": "12000000001"},
    "security": {"name": "示例乙", "sex": "male", "phone": "12000000002"},
    "audit": {"name": "示例丙", "sex": "female", "phone": "12000000003"},
    "chair": {"name": "示例丁", "sex": "female", "phone": "12000000004"},
}


class FirstDays:
    """What people do in the browser after ``setup_portal``, each signed in as themselves."""

    def __init__(self, client):
        self.client = client
        self.serial = 0

    def actor(self, role):
        """Return the holder of a duty at the root after setup_portal or an appointment."""
        return Member.objects.get(duty__role=role, duty__organization__parent=None)

    def open_account(self, member):
        """Stand in for the person's own activation, which other tests cover."""
        Member.objects.filter(pk=member.pk).update(
            activated_at=timezone.now(), proven_at=timezone.now(), proof=ProofMeans.OPERATOR
        )
        return fresh(member)

    def enter(self, actor, organization):
        self.serial += 1
        sign_in(self.client, fresh(actor))
        body = {
            "organization": organization.pk,
            "name": f"示例新{self.serial}",
            "sex": "female",
            "identity_number": identity_number(100 + self.serial),
            "phone": phone_number(700 + self.serial),
            "marital_status": "unknown",
        }
        answer = self.client.post(reverse("members:member-create"), body)
        assert answer.status_code == 302, answer.content.decode()
        return Member.objects.get(name=f"示例新{self.serial}")

    def appoint(self, actor, person, organization, role, second):
        """Propose in the browser, check that no duty is given yet, and approve as ``second``."""
        sign_in(self.client, fresh(actor))
        body = {"organization": organization.pk, "role": role, "valid_from": TODAY.isoformat()}
        answer = self.client.post(f"{reverse('members:duty-create')}?member={person.pk}", body)
        assert answer.status_code == 302, answer.content.decode()
        row = Appointment.objects.get(member=person, state=AppointmentState.WAITING)
        assert not Duty.objects.filter(member=person).exists()
        approve = reverse("members:appointment-approve", args=[row.pk])
        assert self.client.post(approve).status_code == 403
        sign_in(self.client, fresh(second))
        assert self.client.post(approve).status_code == 302
        return self.open_account(person)


def test_from_an_empty_database_to_a_cadre_of_a_county(client, tmp_path):
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS), encoding="utf-8")
    call_command("setup_portal", str(path), stdout=StringIO())
    days = FirstDays(client)
    root = Organization.objects.get()
    system, security, audit = (days.actor(role) for role in KINDS)
    chair = days.open_account(days.actor(Role.CHAIR))
    city = make_organization(root)
    county = make_organization(city, OrganizationKind.COUNTY)
    # The chair entered the person and proposes; the people named at set-up do not count as entered by an administrator.
    person = days.enter(chair, city)
    row = duty_give(actor=chair, member=person, organization=city, role=Role.CHAIR)
    assert {one.pk for one in appointment_seconds(row).people} == {system.pk, security.pk, audit.pk}
    appointment_withdraw(appointment=row, actor=chair)
    city_chair = days.appoint(chair, person, city, Role.CHAIR, audit)
    county_chair = days.appoint(city_chair, days.enter(city_chair, county), county, Role.CHAIR, security)
    cadre = days.appoint(county_chair, days.enter(county_chair, county), county, Role.CADRE, chair)
    assert fresh(cadre).is_desk
    assert Duty.objects.filter(confirmed_by=None).count() == 4


def test_the_first_chair_of_a_city_by_the_chair_and_the_security_administrator(root, client):
    city = make_organization(root.root)
    days = FirstDays(client)
    person = days.enter(root.chair, city)
    assert days.appoint(root.chair, person, city, Role.CHAIR, root.security).is_desk


def test_a_security_administrator_enters_people_at_the_root_alone(root, client):
    sign_in(client, root.security)
    body = {
        "organization": make_organization(root.root).pk,
        "name": "示例新",
        "sex": "female",
        "identity_number": identity_number(99),
        "phone": phone_number(99),
        "marital_status": "unknown",
    }
    assert client.post(reverse("members:member-create"), body).status_code == 422
    assert client.post(reverse("members:member-create"), {**body, "organization": root.root.pk}).status_code == 302
    assert Member.objects.get(name="示例新").entered_by == root.security
    sign_in(client, root.audit)
    assert client.get(reverse("members:member-create")).status_code == 403
