"""Giving and ending duties, and what a duty may reach."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.roles import ADMINISTRATORS, ROLE_TABLE, Role
from portal.members import todo
from portal.members.models import Duty, Member
from portal.members.rules import can_end_duty
from portal.members.selectors import holders
from portal.members.services.appointments import duty_give, stand_in_give
from portal.members.services.duties import duty_end
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from tests.factories.members import make_duty, make_member, make_staff, sign_in
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


# Written by hand, not from the role table: who may give the roles of the work areas. Administrators exist only at the
# root.
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


def test_a_duty_of_today_is_gone_at_once_too_and_stays_in_the_lists():
    duty = make_duty(make_member(), make_organization())
    duty_end(actor=None, duty=duty)
    assert fresh(duty.member).reach(Area.MEMBERS, Capability.VIEW) == []
    duty.refresh_from_db()
    assert duty.valid_until == duty.valid_from
    assert list(duty.member.duty_set.current()) == []
    entry = AuditEntry.objects.about(duty).get()
    assert (entry.action, entry.data) == ("duty.end", {"member": duty.member_id, "role": "cadre"})


TODAY = timezone.localdate()


@pytest.mark.parametrize("days", [1, 28, 3000])
def test_a_duty_that_was_held_cannot_end_before_it_began(days):
    duty = make_duty(make_member(), make_organization(), valid_from=TODAY - timedelta(days=27))
    with pytest.raises(DomainError) as refusal:
        duty_end(actor=None, duty=duty, on=duty.valid_from - timedelta(days=days))
    assert refusal.value.code == "too-early"
    duty.refresh_from_db()
    assert duty.valid_until is None


@pytest.mark.parametrize("days", [0, 5, 27, 40])
def test_a_duty_that_was_held_stays_in_the_lists(client, days):
    city = make_organization()
    duty = make_duty(make_member(city, name="离任"), city, valid_from=TODAY - timedelta(days=27))
    duty_end(actor=None, duty=duty, on=duty.valid_from + timedelta(days=days))
    sign_in(client, make_staff(city))
    assert ("离任" in names(client, held="ended")) is (days <= 27)
    assert ("离任" in names(client, held="now")) is (days > 27)


@pytest.mark.parametrize(("days", "left"), [(-3, 0), (0, 0), (9, 1)])
def test_a_duty_that_has_not_begun_is_deleted_and_the_audit_keeps_it(days, left):
    duty = make_duty(make_member(), make_organization(), valid_from=TODAY + timedelta(days=5))
    duty_end(actor=None, duty=duty, on=duty.valid_from + timedelta(days=days))
    assert Duty.objects.filter(pk=duty.pk).count() == left
    assert AuditEntry.objects.filter(action="duty.end", about_id=duty.pk).count() == 1


def test_a_stand_in_that_began_after_the_day_on_which_the_duty_ends_stays_in_the_lists():
    city = make_organization()
    duty = make_duty(make_member(city), city, valid_from=TODAY - timedelta(days=27))
    days = {"valid_from": TODAY - timedelta(days=3), "valid_until": TODAY + timedelta(days=3)}
    stand_in = make_duty(make_member(city), city, stand_in_for=duty, **days)
    duty_end(actor=None, duty=duty, on=TODAY - timedelta(days=10))
    stand_in.refresh_from_db()
    assert stand_in.valid_until == stand_in.valid_from
    assert not fresh(stand_in.member).is_desk


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


def test_administrators_stand_at_the_root_alone():
    city, member = make_organization(), make_member()
    for role in ADMINISTRATORS:
        assert refused(actor=None, member=member, organization=city, role=role) == "not-root"
        duty_give(actor=None, member=make_member(), organization=make_province(), role=role)


def test_nobody_is_two_kinds_of_administrator_on_one_day():
    root, member, today = make_province(), make_member(), timezone.localdate()
    duty_give(
        actor=None, member=member, organization=root, role=Role.SYSTEM_ADMINISTRATOR, valid_until=today + timedelta(9)
    )
    for first in (today, today + timedelta(8)):
        with pytest.raises(ValidationError):
            duty_give(actor=None, member=member, organization=root, role=Role.AUDIT_ADMINISTRATOR, valid_from=first)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_duty(member, root, Role.AUDIT_ADMINISTRATOR, valid_from=first)
    assert member.duty_set.count() == 1
    later = today + timedelta(9)
    duty_give(actor=None, member=member, organization=root, role=Role.AUDIT_ADMINISTRATOR, valid_from=later)


def test_the_same_role_on_overlapping_days_is_refused():
    city, today = make_organization(), timezone.localdate()
    chair, member = make_staff(city), make_member(city)
    row = {"actor": chair, "member": member, "organization": city, "role": Role.CADRE}
    duty_give(**row, valid_until=today + timedelta(9))
    with pytest.raises(ValidationError):
        duty_give(**row, valid_from=today + timedelta(8))
    duty_give(**row, valid_from=today + timedelta(9))
    assert member.duty_set.count() == 2


def make_principal(**fields):
    """Return (chair, duty of a cadre that began ten days ago, person who can stand in)."""
    city = make_organization()
    duty = make_duty(make_member(city), city, valid_from=timezone.localdate() - timedelta(10), **fields)
    return make_staff(city), duty, make_member(city)


def test_a_stand_in_holds_the_same_duty_for_her_days():
    chair, duty, other = make_principal()
    today = timezone.localdate()
    stand_in = stand_in_give(actor=chair, duty=duty, member=other, valid_from=today, valid_until=today + timedelta(7))
    assert (stand_in.role, stand_in.organization, stand_in.stand_in_for) == (duty.role, duty.organization, duty)
    assert fresh(other).reach(Area.MEMBERS, Capability.EDIT) == [duty.organization.path]

    duty_end(actor=chair, duty=duty)

    assert not fresh(other).is_desk
    assert not fresh(duty.member).is_desk


def test_a_stand_in_for_a_stand_in_for_herself_or_outside_the_days_is_refused():
    today = timezone.localdate()
    chair, duty, other = make_principal(valid_until=today + timedelta(20))
    row = {"actor": chair, "duty": duty, "member": other}
    stand_in = stand_in_give(**row, valid_from=today, valid_until=today + timedelta(7))
    third = make_member(duty.organization)
    for changes, first, last, code in [
        ({"member": duty.member}, 1, 2, "herself"),
        ({"duty": stand_in, "member": third}, 1, 2, "chain"),
        ({"member": third}, 1, 21, "dates"),
        ({"member": third}, -11, 2, "dates"),
        ({"member": third}, -3, 0, "dates"),
        ({"actor": make_staff()}, 8, 9, "too-much"),
        ({"member": chair}, 8, 9, "own-duty"),
    ]:
        with pytest.raises(DomainError) as refusal:
            stand_in_give(
                **{**row, **changes}, valid_from=today + timedelta(first), valid_until=today + timedelta(last)
            )
        assert refusal.value.code == code
    with pytest.raises(DomainError):
        stand_in_give(**{**row, "member": third}, valid_from=today, valid_until=None)
    assert Duty.objects.filter(stand_in_for__isnull=False).count() == 1


def test_who_may_end_a_duty():
    city = make_organization()
    duty = make_duty(make_member(city), city, Role.CHAIR)
    assert can_end_duty(make_staff(city), duty)
    assert can_end_duty(make_staff(make_province()), duty)
    assert not can_end_duty(make_staff(city, Role.CADRE), duty)
    assert not can_end_duty(make_staff(), duty)
    assert not can_end_duty(duty.member, duty)


def names(client, **query):
    """Return the names in the list of duties."""
    rows = client.get(reverse("members:duty-list"), query).context["table"].rows
    return {row.record.member.name for row in rows}


def test_the_list_of_duties_and_its_filters(client):
    city, today = make_organization(), timezone.localdate()
    unit = make_unit(city)
    sign_in(client, make_staff(city, name="主席"))
    held = make_duty(make_member(unit, name="现任", last_login=timezone.now()), unit)
    make_duty(
        make_member(city, name="月底", last_login=timezone.now()), city, Role.EDITOR, valid_until=today + timedelta(30)
    )
    make_duty(make_member(city, name="明天", last_login=timezone.now()), city, valid_from=today + timedelta(1))
    make_duty(make_member(city, name="离任"), city, valid_from=today - timedelta(9), valid_until=today)
    make_duty(make_member(name="外人"), make_organization())
    make_duty(make_member(unit, name="没来"), unit, Role.REVIEWER)

    everybody = {"主席", "现任", "月底", "明天", "没来"}
    assert names(client) == everybody
    assert names(client, held="ended") == {"离任"}
    assert names(client, held="soon") == {"月底"}
    assert names(client, held="later") == {"明天"}
    assert names(client, held="now") == {"主席", "现任", "月底", "没来"}
    assert names(client, role="editor") == {"月底"}
    assert names(client, level="5") == {"现任", "没来"}
    assert "没来" in names(client, signed_in="never")
    assert "现任" not in names(client, signed_in="never")
    assert client.get(held.get_absolute_url()).status_code == 200


def test_a_duty_that_ends_stands_on_the_to_do_list_of_who_may_give_it():
    city, today = make_organization(), timezone.localdate()
    duty = make_duty(make_member(city), city, valid_until=today + timedelta(20))
    assert [item.url for item in todo.items_for(make_staff(city))] == [duty.get_absolute_url()]
    assert todo.items_for(make_staff(city, Role.CADRE)) == []
    assert todo.items_for(make_staff()) == []


def test_giving_a_duty_on_the_desk(client):
    city = make_organization()
    unit = make_unit(city, name="示例纺织厂工会")
    member = make_member(unit, name="示例何何")
    outsider = make_member()
    sign_in(client, make_staff(city))
    page = reverse("members:duty-create")
    assert client.get(page).status_code == 200
    answer = client.post(reverse("members:duty-find"), {"term": "示例何何"})
    assert "示例" not in answer.headers["Location"]
    assert f"member={member.pk}" in client.get(answer.headers["Location"]).content.decode()

    assert client.get(page, {"member": outsider.pk}).status_code == 404
    assert unit.name in client.get(page, {"member": member.pk, "place": "纺织"}).content.decode()
    address = f"{page}?member={member.pk}"
    body = {"organization": unit.pk, "role": "cadre", "valid_from": timezone.localdate().isoformat()}
    assert client.post(page, body).status_code == 404
    assert client.post(address, {**body, "organization": make_province().pk}).status_code == 422
    assert client.post(address, {**body, "role": "system_administrator"}).status_code == 422
    assert client.post(address, {**body, "valid_until": body["valid_from"]}).status_code == 422
    assert not member.duty_set.exists()
    duty_page = client.post(address, body).headers["Location"]
    duty = member.duty_set.get()
    assert duty_page == duty.get_absolute_url()

    other = make_member(unit)
    stand_in = f"{page}?for={duty.pk}&member={other.pk}"
    assert client.get(stand_in).status_code == 200
    days = [(timezone.localdate() + timedelta(number)).isoformat() for number in (0, 5)]
    assert client.post(stand_in, {"valid_from": days[0]}).status_code == 422
    assert client.post(stand_in, {"valid_from": days[0], "valid_until": days[1]}).status_code == 302
    assert other.duty_set.get().stand_in_for == duty

    end = reverse("members:duty-end", args=[duty.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {"on": days[1], "reason": "调离"}).status_code == 302
    duty.refresh_from_db()
    assert duty.valid_until.isoformat() == days[1]
    assert AuditEntry.objects.about(duty).first().note == "调离"


def test_a_cadre_gives_no_duty_on_the_desk(client):
    city = make_organization()
    duty = make_duty(make_member(city), city)
    sign_in(client, make_staff(city, Role.CADRE))
    assert client.get(reverse("members:duty-list")).status_code == 200
    for name, arguments in [("duty-create", []), ("duty-end", [duty.pk])]:
        assert client.get(reverse(f"members:{name}", args=arguments)).status_code == 403
    assert client.post(reverse("members:duty-find"), {"term": "x"}).status_code == 403
