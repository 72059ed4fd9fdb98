"""Giving and ending duties, and what they reach."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS, ROLE_TABLE, Role
from portal.members.models import Duty, Member
from portal.members.selectors import holders
from portal.members.services import duty_end, duty_give
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from tests.factories.members import make_duty, make_member, make_staff
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db


def refused(**arguments):
    before = Duty.objects.count(), AuditEntry.objects.count()
    with pytest.raises(DomainError) as refusal:
        duty_give(**arguments)
    assert (Duty.objects.count(), AuditEntry.objects.count()) == before
    return refusal.value.code


def fresh(member):
    return Member.objects.get(pk=member.pk)


def test_a_chair_gives_a_role_inside_her_reach():
    city = make_organization()
    chair, member, unit = make_staff(city), make_member(city), make_unit(city)

    duty = duty_give(actor=chair, member=member, organization=unit, role=Role.CADRE)

    assert (duty.given_by, duty.valid_from, duty.valid_until) == (chair, timezone.localdate(), None)
    assert fresh(member).reach(Area.MEMBERS, Capability.EDIT) == [unit.path]
    entry = AuditEntry.objects.about(duty).get()
    assert (entry.actor, entry.data) == (chair, {"member": member.pk, "role": "cadre"})


@pytest.mark.parametrize("role", Role)
def test_nobody_appoints_herself(role):
    city = make_organization()
    chair = make_staff(city)
    assert refused(actor=chair, member=chair, organization=make_unit(city), role=role) == "own-duty"


# By hand, not from the role table: who may give the roles of the work areas. Nobody gives an administrator's duty.
WORK_ROLES = {Role.CHAIR, Role.CADRE, Role.REVIEWER, Role.MATCHMAKING_OFFICER, Role.EDITOR}
MAY_GIVE = {Role.CHAIR: WORK_ROLES, Role.SECURITY_ADMINISTRATOR: WORK_ROLES}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("own", Role)
def test_nobody_gives_more_than_she_holds(own, role):
    city = make_organization()
    actor, member = make_staff(city, own), make_member(city)
    if role in MAY_GIVE.get(own, ()):
        duty_give(actor=actor, member=member, organization=city, role=role)
        assert fresh(member).duties[0].role == role
    else:
        assert refused(actor=actor, member=member, organization=city, role=role) == "too-much"


@pytest.mark.parametrize("own", MAY_GIVE)
def test_nobody_gives_outside_her_reach(own):
    city, other = make_organization(), make_organization()
    chair, member = make_staff(city, own), make_member()
    for organization in (other, make_province()):
        assert refused(actor=chair, member=member, organization=organization, role=Role.CADRE) == "too-much"


def test_a_look_alike_sibling_is_outside():
    near, far = make_organization(), make_organization()
    Organization.objects.filter(pk=near.pk).update(path="/1/14/")
    Organization.objects.filter(pk=far.pk).update(path="/1/140/")
    near.refresh_from_db()
    far.refresh_from_db()
    chair = make_staff(near)
    assert chair.can(Area.MEMBERS, Capability.APPOINT, "/1/14/203/")
    assert not chair.can(Area.MEMBERS, Capability.APPOINT, "/1/140/")
    assert not chair.can(Area.MEMBERS, Capability.APPOINT, "/1/")
    assert refused(actor=chair, member=make_member(far), organization=far, role=Role.CADRE) == "too-much"


def test_the_same_role_twice_is_refused():
    city = make_organization()
    chair, member = make_staff(city), make_member(city)
    duty_give(actor=chair, member=member, organization=city, role=Role.CADRE)
    with pytest.raises(ValidationError):
        duty_give(actor=chair, member=member, organization=city, role=Role.CADRE)
    assert member.duty_set.count() == 1


@pytest.mark.parametrize("days", [0, -1])
def test_a_duty_that_ends_before_it_begins_is_refused(days):
    city = make_organization()
    until = timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError):
        duty_give(
            actor=make_staff(city), member=make_member(city), organization=city, role=Role.CADRE, valid_until=until
        )


@pytest.mark.parametrize(
    ("first", "last", "held"), [(0, None, True), (-5, 0, False), (-5, 1, True), (1, None, False), (-5, -1, False)]
)
def test_a_duty_is_held_from_its_first_day_until_before_its_last(first, last, held):
    today = timezone.localdate()
    member, city = make_member(), make_organization()
    until = None if last is None else today + timedelta(days=last)
    make_duty(member, city, valid_from=today + timedelta(days=first), valid_until=until)
    assert fresh(member).reach(Area.MEMBERS, Capability.VIEW) == ([city.path] if held else [])
    assert fresh(member).is_desk is held


def test_a_duty_that_is_ended_is_gone_at_once():
    city = make_organization()
    actor = make_staff(city)
    duty = make_duty(make_member(city), city, valid_from=timezone.localdate() - timedelta(days=3))
    assert fresh(duty.member).is_desk

    duty_end(actor=actor, duty=duty)

    assert fresh(duty.member).reach(Area.MEMBERS, Capability.VIEW) == []
    assert AuditEntry.objects.about(duty).get().action == "duty.end"
    with pytest.raises(DomainError) as refusal:
        duty_end(actor=actor, duty=duty)
    assert refusal.value.code == "ended"


def test_a_duty_of_today_is_gone_at_once_too():
    duty = make_duty(make_member(), make_organization())
    duty_end(actor=None, duty=duty)
    assert fresh(duty.member).reach(Area.MEMBERS, Capability.VIEW) == []
    entry = AuditEntry.objects.about(duty).get()
    assert (entry.action, entry.data) == ("duty.end", {"member": duty.member_id, "role": "cadre"})


@pytest.mark.parametrize("role", Role)
def test_who_signed_in_by_phone_alone_reaches_nothing_by_duty(role):
    member = make_staff(role=role)
    member.by_phone_alone = True
    assert [member.reach(area, Capability.VIEW) for area in Area] == [[]] * len(Area)
    assert not member.is_desk
    assert not member.is_staff


@pytest.mark.parametrize("role", Role)
def test_the_admin_is_for_administrators(role):
    assert make_staff(role=role).is_staff is (role in ADMINISTRATORS)


def test_holders_are_named_nearest_first_and_never_the_proposer():
    province = make_province()
    city = make_organization()
    county = make_organization(city, OrganizationKind.COUNTY)
    above = make_staff(province, Role.REVIEWER)
    near = make_staff(county, Role.CHAIR)
    middle = make_staff(city, Role.REVIEWER)
    make_staff(county, Role.CADRE)
    make_staff(make_organization(), Role.CHAIR)
    make_staff(make_unit(county), Role.CHAIR)
    make_staff(city, Role.CHAIR, is_active=False)
    ended = make_member()
    make_duty(ended, city, Role.CHAIR, valid_from=timezone.localdate() - timedelta(9), valid_until=timezone.localdate())

    found = holders(Area.MATCHMAKING, Capability.APPROVE, county)
    assert found == [near, middle, above]
    assert holders(Area.MATCHMAKING, Capability.APPROVE, county, but={near.pk}) == [middle, above]
    assert {role for role in Role if Capability.APPROVE in ROLE_TABLE[role].get(Area.MATCHMAKING, ())} == {
        Role.CHAIR, Role.REVIEWER,
    }  # fmt: skip
