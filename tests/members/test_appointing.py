"""Duties that need a second person: who proposes, who approves, and where the appointment waits."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.members import todo
from portal.members.choices import AppointmentState
from portal.members.models import Appointment, Duty, Invitation, Member, PhoneChange
from portal.members.selectors import needs_second
from portal.members.services.appointments import (
    appointment_approve,
    appointment_refuse,
    appointment_withdraw,
    appointments_keep_time,
    duty_give,
    stand_in_give,
)
from portal.members.services.duties import duty_end
from portal.members.services.erasing import member_erase
from portal.members.services.people import member_create
from portal.members.services.transfers import transfer_confirm
from portal.messaging.models import Message
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.organizations.services.moving import organization_merge
from tests.factories.members import (
    make_duty,
    make_entry,
    make_member,
    make_staff,
    make_transfer,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def fresh(member):
    return Member.objects.get(pk=member.pk)


def told(kind):
    return set(Message.objects.filter(kind=f"members.{kind}").values_list("recipient", flat=True))


def refusal_of(call, **arguments):
    before = Duty.objects.count()
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    assert Duty.objects.count() == before
    return refusal.value.code


class Place:
    """A county, a city and a province, each with its chair, and a person who has no account yet."""

    def __init__(self):
        self.root = make_province()
        self.city = make_organization()
        self.county = make_organization(self.city, OrganizationKind.COUNTY)
        self.chair, self.above, self.top = (make_staff(one) for one in (self.county, self.city, self.root))
        self.person = make_entry(self.county, phone=phone_number(71))

    def propose(self, **fields):
        row = {
            "actor": fresh(self.chair),
            "member": self.person,
            "organization": self.county,
            "role": Role.CADRE,
            **fields,
        }
        return duty_give(**row)


@pytest.fixture
def place():
    return Place()


def test_a_duty_of_a_new_account_waits_for_the_level_above(place):
    row = place.propose()
    assert isinstance(row, Appointment)
    assert (row.state, row.proposed_by, row.waits_at) == (AppointmentState.WAITING, place.chair, place.city)
    assert not Duty.objects.filter(member=place.person).exists()
    assert not Invitation.objects.exists()
    assert told("appointment_asked") == {place.above.pk}
    assert [item.url for item in todo.items_for(fresh(place.above))] == [row.get_absolute_url()]
    assert todo.items_for(fresh(place.top)) == todo.items_for(fresh(place.chair)) == []


def test_the_second_person_approves_and_only_then_the_link_goes_out(place):
    row = appointment_approve(appointment=place.propose(), actor=fresh(place.above))
    duty = Duty.objects.get(member=place.person)
    assert (duty.given_by, duty.confirmed_by, duty.valid_from) == (place.chair, place.above, TODAY)
    assert (row.state, row.decided_by, row.duty) == (AppointmentState.APPROVED, place.above, duty)
    assert Invitation.objects.get().member == place.person
    assert (told("appointment_settled"), told("duty")) == ({place.chair.pk}, {place.person.pk})
    entry = AuditEntry.objects.about(duty).get()
    assert (entry.actor, entry.data["proposed_by"]) == (place.above, place.chair.pk)


def test_every_level_above_may_approve_and_nobody_else(place):
    row = place.propose()
    cadre, elsewhere = make_staff(place.city, Role.CADRE), make_staff()
    for actor in (place.chair, cadre, elsewhere, make_staff(place.root, Role.AUDIT_ADMINISTRATOR)):
        assert refusal_of(appointment_approve, appointment=row, actor=fresh(actor)) == "not-second"
        assert refusal_of(appointment_refuse, appointment=row, actor=fresh(actor), reason="不同意") == "not-second"
    appointment_approve(appointment=row, actor=fresh(place.top))
    assert Duty.objects.get(member=place.person).confirmed_by == place.top


# Written by hand: attributes of the person for which a duty below the root needs a second person.
OLD = timezone.now() - timedelta(days=400)


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        ({}, False),
        ({"activated_at": None, "login_key": None}, True),
        ({"activated_at": timezone.now() - timedelta(days=29)}, True),
        ({"activated_at": timezone.now() - timedelta(days=31)}, False),
    ],
)
def test_the_age_of_the_account_decides(place, fields, needed):
    person = make_member(place.county, **fields)
    assert bool(needs_second(place.chair, person, Role.CADRE, place.county)) is needed
    assert isinstance(place.propose(member=person), Appointment) is needed


def test_the_age_is_a_setting(place, settings):
    person = make_member(place.county, activated_at=timezone.now() - timedelta(days=31))
    settings.ACCOUNT_AGE_DAYS = 40
    assert needs_second(place.chair, person, Role.CADRE, place.county)


def test_whoever_entered_the_person_needs_a_second_person_at_any_time(place):
    person = make_member(place.county, entered_by=place.chair)
    Member.objects.filter(pk=person.pk).update(created_at=OLD)
    assert needs_second(place.chair, person, Role.CADRE, place.county)
    assert not needs_second(place.above, person, Role.CADRE, place.county)


def test_a_phone_written_lately_needs_a_second_person(place):
    person = make_member(place.county)
    PhoneChange.objects.create(member=person, proposed_by=place.chair, phone_index="x", due_at=timezone.now())
    assert needs_second(place.chair, person, Role.CADRE, place.county)
    PhoneChange.objects.update(proposed_at=timezone.now() - timedelta(days=31))
    assert not needs_second(place.chair, person, Role.CADRE, place.county)


def test_every_later_duty_of_such_a_person_needs_a_second_person_too(place):
    appointment_approve(appointment=place.propose(), actor=fresh(place.above))
    for fields in ({"role": Role.CHAIR}, {"role": Role.EDITOR, "organization": make_unit(place.county)}):
        assert isinstance(place.propose(**fields), Appointment)
    assert Duty.objects.filter(member=place.person).count() == 1


def test_people_named_at_set_up_are_exempt(place):
    assert isinstance(place.propose(actor=None, role=Role.CHAIR), Duty)


def test_the_same_appointment_twice_is_refused(place):
    place.propose()
    with pytest.raises((DomainError, ValidationError)):
        place.propose()
    assert Appointment.objects.count() == 1


def test_a_refusal_says_why_and_a_withdrawal_is_the_proposers(place):
    row = appointment_refuse(appointment=place.propose(), actor=fresh(place.above), reason="请先核对身份")
    assert (row.state, row.reason) == (AppointmentState.REFUSED, "请先核对身份")
    assert told("appointment_settled") == {place.chair.pk}
    row = place.propose()
    assert refusal_of(appointment_withdraw, appointment=row, actor=fresh(place.above)) == "not-yours"
    assert appointment_withdraw(appointment=row, actor=fresh(place.chair)).state == AppointmentState.WITHDRAWN
    assert not Duty.objects.filter(member=place.person).exists()


DECIDED = [state for state in AppointmentState if state != AppointmentState.WAITING]


@pytest.mark.parametrize("state", DECIDED)
def test_what_is_decided_stays_decided(place, state):
    row = place.propose()
    Appointment.objects.filter(pk=row.pk).update(state=state, reason="x")
    for call, arguments in [
        (appointment_approve, {"actor": fresh(place.above)}),
        (appointment_refuse, {"actor": fresh(place.above), "reason": "不"}),
        (appointment_withdraw, {"actor": fresh(place.chair)}),
    ]:
        with pytest.raises((DomainError, Conflict)):
            call(appointment=row, **arguments)
    assert Appointment.objects.get().state == state
    assert not Duty.objects.filter(member=place.person).exists()


def test_all_is_asked_again_at_approval(place):
    row = place.propose(valid_until=TODAY + timedelta(days=9))
    held = Duty.objects.get(member=place.chair)
    cases = [
        (Duty.objects.filter(pk=held.pk), {"role": Role.CADRE}, {"role": Role.CHAIR}, "proposer"),
        (Member.objects.filter(pk=place.chair.pk), {"is_active": False}, {"is_active": True}, "proposer"),
        (Member.objects.filter(pk=place.person.pk), {"is_active": False}, {"is_active": True}, "closed"),
        (Organization.objects.filter(pk=place.county.pk), {"closed_on": TODAY}, {"closed_on": None}, "closed"),
    ]
    for rows, change, back, code in cases:
        rows.update(**change)
        assert refusal_of(appointment_approve, appointment=row, actor=fresh(place.above)) == code
        rows.update(**back)
    make_duty(place.person, place.county)
    with pytest.raises(ValidationError):
        appointment_approve(appointment=row, actor=fresh(place.above))
    Duty.objects.filter(member=place.person).delete()
    Appointment.objects.update(valid_from=TODAY - timedelta(days=9), valid_until=TODAY)
    with pytest.raises(ValidationError):
        appointment_approve(appointment=row, actor=fresh(place.above))
    Appointment.objects.update(valid_until=TODAY + timedelta(days=1))
    appointment_approve(appointment=row, actor=fresh(place.above))
    assert Duty.objects.get(member=place.person).valid_from == TODAY


def test_whom_the_proposer_entered_or_appointed_is_not_the_second_person(place):
    for change in ({"entered_by": place.chair, "activated_at": timezone.now()}, {}):
        Member.objects.filter(pk=place.above.pk).update(entered_by=None, activated_at=OLD)
        if change:
            Member.objects.filter(pk=place.above.pk).update(**change)
        else:
            Duty.objects.filter(member=place.above).update(given_by=place.chair)
        row = place.propose()
        assert row.waits_at == place.root
        assert refusal_of(appointment_approve, appointment=row, actor=fresh(place.above)) == "not-second"
        appointment_withdraw(appointment=row, actor=fresh(place.chair))


def test_the_maker_of_the_proposers_account_is_not_the_second_person(place):
    Member.objects.filter(pk=place.chair.pk).update(entered_by=place.above, activated_at=timezone.now())
    row = place.propose()
    assert refusal_of(appointment_approve, appointment=row, actor=fresh(place.above)) == "not-second"
    appointment_approve(appointment=row, actor=fresh(place.top))


def test_it_goes_up_where_nobody_can_decide_and_the_page_says_where(place, client):
    Duty.objects.filter(member__in=[place.above, place.top]).delete()
    security, audit = (make_staff(place.root, role) for role in (Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR))
    row = place.propose()
    assert row.waits_at == place.root
    assert told("appointment_asked") == {security.pk, audit.pk}
    page = sign_in(client, place.chair).get(row.get_absolute_url()).content.decode()
    assert place.root.name in page
    assert security.name in page
    appointment_approve(appointment=row, actor=fresh(audit))


def test_where_nobody_at_all_can_decide_nothing_waits(place):
    Duty.objects.filter(member__in=[place.above, place.top]).delete()
    assert refusal_of(place.propose) == "no-second"
    assert not Appointment.objects.exists()


def test_the_clock_passes_on_what_waits_too_long_and_lets_it_expire(place, settings):
    row = place.propose()
    assert appointments_keep_time() == 0
    later = timezone.now() - timedelta(days=settings.APPOINTMENT_LEVEL_DAYS, minutes=1)
    Appointment.objects.update(waits_since=later)
    assert appointments_keep_time() == 1
    row.refresh_from_db()
    assert row.waits_at == place.root
    assert told("appointment_asked") == {place.above.pk, place.top.pk}
    assert appointments_keep_time() == 0
    Appointment.objects.update(proposed_at=timezone.now() - timedelta(days=settings.APPOINTMENT_DAYS, minutes=1))
    assert appointments_keep_time() == 1
    row.refresh_from_db()
    assert row.state == AppointmentState.EXPIRED
    assert told("appointment_settled") == {place.chair.pk}
    assert appointments_keep_time() == 0


def test_the_clock_passes_on_what_nobody_at_its_level_can_decide_any_more(place):
    row = place.propose()
    Duty.objects.filter(member=place.above).delete()
    assert appointments_keep_time() == 1
    row.refresh_from_db()
    assert row.waits_at == place.root


@pytest.mark.parametrize("gone", ["person", "organisation", "last day"])
def test_the_clock_ends_what_can_no_longer_become_a_duty(place, gone):
    place.propose(valid_until=TODAY + timedelta(days=3))
    if gone == "person":
        Member.objects.filter(pk=place.person.pk).update(is_active=False)
    elif gone == "organisation":
        Organization.objects.filter(pk=place.county.pk).update(closed_on=TODAY)
    else:
        Appointment.objects.update(valid_from=TODAY - timedelta(days=5), valid_until=TODAY)
    assert appointments_keep_time() == 1
    assert Appointment.objects.get().state == AppointmentState.EXPIRED


def test_a_stand_in_needs_a_second_person_too(place):
    duty = make_duty(make_member(place.county), place.county)
    row = stand_in_give(
        actor=fresh(place.chair),
        duty=duty,
        member=place.person,
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=5),
    )
    assert (row.stand_in_for, row.state) == (duty, AppointmentState.WAITING)
    appointment_approve(appointment=row, actor=fresh(place.above))
    stand_in = Duty.objects.get(member=place.person)
    assert stand_in.stand_in_for == duty
    duty_end(actor=place.chair, duty=duty)
    assert not fresh(place.person).is_desk


def test_a_stand_in_for_a_duty_that_ended_meanwhile_is_refused(place):
    duty = make_duty(make_member(place.county), place.county, valid_from=TODAY - timedelta(days=3))
    days = {"valid_from": TODAY, "valid_until": TODAY + timedelta(days=5)}
    row = stand_in_give(actor=fresh(place.chair), duty=duty, member=place.person, **days)
    duty_end(actor=place.chair, duty=duty)
    assert refusal_of(appointment_approve, appointment=row, actor=fresh(place.above)) == "dates"


def test_transfer_merger_and_erasure_end_what_waits(place):
    unit = make_unit(place.county)
    movers = [make_entry(unit, phone=phone_number(80 + number)) for number in range(3)]
    rows = [place.propose(member=one, organization=unit) for one in movers]
    transfer_confirm(transfer=make_transfer(movers[0], make_unit(place.county)), actor=movers[0])
    member_erase(member=movers[1], actor=place.chair)
    organization_merge(actor=place.chair, source=unit, target=make_unit(place.county), on=TODAY)
    assert {fresh_row.state for fresh_row in Appointment.objects.filter(pk__in=[row.pk for row in rows])} == {
        AppointmentState.EXPIRED
    }


# Pages.


def test_the_pages_of_an_appointment(place, client):
    row = place.propose()
    sign_in(client, place.chair)
    page = client.get(reverse("members:duty-create"), {"member": place.person.pk}).content.decode()
    assert place.above.name in page
    body = {"organization": make_unit(place.county).pk, "role": "editor", "valid_from": TODAY.isoformat()}
    answer = client.post(f"{reverse('members:duty-create')}?member={place.person.pk}", body)
    assert answer.headers["Location"] == Appointment.objects.get(role="editor").get_absolute_url()
    approve, refuse, withdraw = (
        reverse(f"members:appointment-{step}", args=[row.pk]) for step in ("approve", "refuse", "withdraw")
    )
    assert [client.get(page).status_code for page in (approve, refuse, withdraw)] == [403, 403, 200]
    listed = client.get(reverse("members:appointment-list")).context["table"].rows
    assert {one.record.role for one in listed} == {"cadre", "editor"}
    sign_in(client, place.above)
    assert client.get(row.get_absolute_url()).context["may_decide"]
    assert [client.get(page).status_code for page in (approve, refuse, withdraw)] == [200, 200, 403]
    assert client.post(approve).status_code == 302
    assert Duty.objects.get(member=place.person).confirmed_by == place.above
    sign_in(client, make_staff())
    assert client.get(row.get_absolute_url()).status_code == 404
    sign_in(client, make_staff(place.county, Role.CADRE))
    assert client.get(reverse("members:appointment-list")).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_needs_no_more_queries_for_more_rows(place, client, many, django_assert_max_num_queries):
    for number in range(many):
        place.propose(member=make_entry(place.county, phone=phone_number(300 + number)))
    sign_in(client, place.above)
    client.get(reverse("members:appointment-list"))
    with django_assert_max_num_queries(15):
        assert len(client.get(reverse("members:appointment-list")).context["table"].rows) == many


def test_whoever_enters_a_person_is_kept(place):
    made = member_create(actor=place.chair, organization=place.county, name="示例新", sex="female")
    assert fresh(made).entered_by == place.chair
