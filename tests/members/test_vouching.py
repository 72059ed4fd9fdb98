"""Requests to a unit to vouch for a person, the unit's answer, and expiry."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members import todo
from portal.members.backends import login_key_of_phone
from portal.members.choices import VouchingState
from portal.members.models import Member, SignInCode, Vouching
from portal.members.services.sign_in import member_for_code
from portal.members.services.vouching import (
    standing_prolong,
    units_found,
    vouching_ask,
    vouching_grant,
    vouching_refuse,
    vouchings_expire,
)
from portal.messaging.models import Message
from tests.factories.members import (
    identity_number,
    make_entry,
    make_member,
    make_staff,
    make_vouching,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization, make_unit
from tests.members.test_sign_in import PHONE, confirmed, send, sent_code

pytestmark = pytest.mark.django_db
NUMBER = identity_number(7)


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


@pytest.fixture
def unit():
    return make_unit(name="示例纺织厂工会")


def until(days=300):
    return timezone.localdate() + timedelta(days=days)


def ask(unit, row=None, **fields):
    fields = {"name": "示例何", "identity_number": NUMBER, **fields}
    return vouching_ask(code_row=row or confirmed(), organization=unit, **fields)


def refused(call, **arguments):
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    return refusal.value.code


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_who_is_on_no_roster_asks_her_unit(unit):
    row = ask(unit)
    assert (row.state, row.name, row.phone, row.member) == (VouchingState.ASKED, "示例何", PHONE, None)
    assert not Member.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, identity_number, phone FROM members_vouching")
        kept = b"".join(bytes(value) for value in cursor.fetchone())
    assert not any(text.encode() in kept for text in ("示例何", NUMBER, PHONE))


def test_one_request_waits_at_a_time_and_three_a_day(unit):
    row = confirmed()
    first = ask(unit, row)
    assert refused(ask, unit=make_unit(), row=row) == "asked"
    vouching_refuse(actor=make_staff(unit), vouching=first, reason="不是本单位职工")
    second = ask(unit, row)
    assert refused(ask, unit=unit, row=row) == "asked"
    vouching_refuse(actor=make_staff(unit), vouching=second, reason="不是本单位职工")
    third = ask(unit, row)
    vouching_refuse(actor=make_staff(unit), vouching=third, reason="不是本单位职工")
    # Requests that the portal refused reached no unit and did not count; three that reached a unit are the daily limit.
    assert refused(ask, unit=unit, row=row) == "too-many"
    assert Vouching.objects.count() == 3


def test_only_a_confirmed_phone_and_a_grassroots_unit_and_a_right_number(unit):
    row, _code = send()
    assert refused(ask, unit=unit, row=row) == "no-code"
    row = confirmed(phone_number(2))
    SignInCode.objects.filter(pk=row.pk).update(confirmed_at=timezone.now() - timedelta(hours=1))
    assert refused(ask, unit=unit, row=row) == "no-code"
    row = confirmed(phone_number(3))
    assert refused(ask, unit=make_organization(), row=row) == "no-unit"
    assert refused(ask, unit=unit, row=row, identity_number=NUMBER[:-1] + "0") == "identity-check"
    assert not Vouching.objects.exists()


def test_units_are_found_by_name_thirty_times_an_hour(unit):
    make_organization(name="示例纺织市")
    assert units_found("纺织", key="a") == [unit]
    assert units_found("厂", key="a") == []
    for _look in range(28):
        units_found("无此单位", key="a")
    assert refused(units_found, words="纺织", key="a") == "too-many"


def test_the_unit_vouches_and_she_signs_in(unit):
    row = ask(unit)
    cadre = make_staff(unit, Role.CADRE)

    vouched = vouching_grant(actor=cadre, vouching=row, until=until())

    member = Member.objects.get(login_key=login_key_of_phone(PHONE))
    assert (member.organization, member.name, member.identity_number) == (unit, "示例何", NUMBER)
    assert (member.standing_until, vouched.member, vouched.decided_by) == (until(), member, cadre)
    held = fresh(row)
    assert (held.state, held.name, held.identity_number, held.phone) == (VouchingState.VOUCHED, None, None, None)
    code = SignInCode.objects.get()
    assert member_for_code(code) == (member, [])
    assert set(Message.objects.filter(recipient=member).values_list("channel", flat=True)) == {"in_app", "sms"}
    entry = AuditEntry.objects.about(row).first()
    assert (entry.actor, entry.to_state) == (cadre, "vouched")


def test_an_entry_of_the_same_unit_gets_its_account(unit):
    entry = make_entry(unit, identity_kind="resident", identity_number=NUMBER, phone=phone_number(8))
    vouching_grant(actor=make_staff(unit), vouching=ask(unit), until=until())
    assert fresh(entry).login_key == login_key_of_phone(PHONE)
    assert (fresh(entry).phone, Member.objects.filter(identity_index=entry.identity_index).count()) == (PHONE, 1)


@pytest.mark.parametrize(("make", "code"), [(make_member, "known"), (make_entry, "elsewhere")])
def test_who_is_known_elsewhere_or_has_an_account_is_not_doubled(unit, make, code):
    place = unit if make is make_member else make_unit()
    known = make(place, identity_kind="resident", identity_number=NUMBER)
    row = ask(unit)
    assert refused(vouching_grant, actor=make_staff(unit), vouching=row, until=until()) == code
    assert (fresh(row).state, fresh(known).login_key) == (VouchingState.ASKED, known.login_key)


@pytest.mark.parametrize("days", [-1, 0, 4000])
def test_a_word_holds_from_tomorrow_for_three_years(unit, days):
    row = ask(unit)
    assert refused(vouching_grant, actor=make_staff(unit), vouching=row, until=until(days)) == "dates"
    assert fresh(row).state == VouchingState.ASKED


def test_an_answer_is_given_once(unit):
    chair, row = make_staff(unit), ask(unit)
    vouching_refuse(actor=chair, vouching=row, reason="不是本单位职工")
    held = fresh(row)
    assert (held.state, held.reason, held.name) == (VouchingState.REFUSED, "不是本单位职工", None)
    assert refused(vouching_grant, actor=chair, vouching=row, until=until()) == "answered"
    assert refused(vouching_refuse, actor=chair, vouching=row, reason="again") == "answered"
    assert Member.objects.filter(organization=unit).count() == 1


def test_standing_is_renewed_and_runs_out(unit):
    chair, person = make_staff(unit), make_member(unit)
    standing_prolong(actor=chair, member=person, until=until(10))
    assert fresh(person).standing_until == until(10)
    assert refused(standing_prolong, actor=chair, member=chair, until=until()) == "own"
    assert vouchings_expire() == 0

    Vouching.objects.update(until=timezone.localdate())
    Member.objects.filter(pk=person.pk).update(standing_until=timezone.localdate())

    assert (vouchings_expire(), vouchings_expire()) == (1, 0)
    assert Vouching.objects.get().state == VouchingState.EXPIRED
    assert Message.objects.get(recipient=person).kind == "members.standing_over"
    assert list(Member.objects.standing_over()) == [person]
    assert [item.url for item in todo.items_for(chair)] == [f"{reverse('members:member-list')}?status=standing"]
    standing_prolong(actor=chair, member=person, until=until(10))
    assert todo.items_for(fresh(chair)) == []


def test_a_renewed_standing_is_not_told_to_have_run_out(unit):
    chair, person = make_staff(unit), make_member(unit)
    old = standing_prolong(actor=chair, member=person, until=until(10))
    standing_prolong(actor=chair, member=person, until=until(300))
    Vouching.objects.filter(pk=old.pk).update(until=timezone.localdate())
    assert vouchings_expire() == 1
    assert not Message.objects.filter(recipient=person).exists()


def test_what_no_unit_answers_expires_and_is_erased(unit):
    row = make_vouching(unit)
    assert vouchings_expire() == 0
    Vouching.objects.update(asked_at=timezone.now() - timedelta(days=31))
    assert vouchings_expire() == 1
    held = fresh(row)
    assert (held.state, held.name, held.identity_number, held.phone) == (VouchingState.EXPIRED, None, None, None)
    assert AuditEntry.objects.about(row).first().clock == "members.standing"


def test_the_request_stands_on_the_to_do_list_of_the_unit_alone(unit):
    row = make_vouching(unit)
    above = make_staff(unit.parent)
    assert [item.url for item in todo.items_for(above)] == [row.get_absolute_url()]
    for actor, sees in [
        (make_staff(unit, Role.CADRE), True),
        (fresh(above), False),
        (make_staff(unit, Role.REVIEWER), False),
        (make_staff(make_unit(unit.parent)), False),
    ]:
        assert [item.url for item in todo.items_for(actor)] == ([row.get_absolute_url()] if sees else [])


@pytest.mark.parametrize("name", ["vouching-grant", "vouching-refuse"])
def test_who_may_answer(client, unit, name):
    row = make_vouching(unit)
    page = reverse(f"members:{name}", args=[row.pk])
    assert client.get(page).status_code == 302
    for actor, status in [
        (make_staff(make_organization()), 404),
        (make_staff(unit, Role.REVIEWER), 403),
        (make_staff(unit, Role.CADRE), 200),
    ]:
        client.logout()
        sign_in(client, actor)
        assert client.get(page).status_code == status
    body = {"until": until().isoformat(), "reason": "不是本单位职工"}
    assert client.post(page, body).headers["Location"] == row.get_absolute_url()
    assert client.get(page).status_code == 403
    assert client.get(row.get_absolute_url()).status_code == 200


def test_the_way_from_an_unknown_number_to_the_unit(client, unit):
    client.post(reverse("members:sign-in"), {"phone": PHONE})
    page = reverse("members:sign-in-unit")
    assert client.get(page).headers["Location"] == reverse("members:sign-in")
    answer = client.post(reverse("members:sign-in-code"), {"code": sent_code()})
    assert answer.headers["Location"] == reverse("members:sign-in-unknown")
    assert page in client.get(answer.headers["Location"]).content.decode()
    assert unit.name in client.get(page, {"name": "纺织"}).content.decode()
    assert client.get(page, {"unit": unit.pk}).status_code == 200
    assert client.get(page, {"unit": "9" * 40}).status_code == 200
    body = {"organization": unit.pk, "name": "示例何", "identity_number": "1"}
    assert client.post(page, body).status_code == 422
    answer = client.post(page, {**body, "identity_number": NUMBER})
    assert answer.headers["Location"] == reverse("members:sign-in-unknown")
    assert Vouching.objects.get().organization == unit
    assert unit.name in client.get(answer.headers["Location"]).content.decode()


def test_a_refusal_is_read_by_who_asked_alone(client, unit):
    row = ask(unit)
    vouching_refuse(actor=make_staff(unit), vouching=row, reason="不是本单位职工")
    page = reverse("members:sign-in-unknown")
    assert "不是本单位职工" not in client.get(page).content.decode()
    session = client.session
    session["sign_in"] = {"code": SignInCode.objects.get().pk}
    session.save()
    assert "不是本单位职工" in client.get(page).content.decode()
