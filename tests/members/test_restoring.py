"""Account problems that the level above settles: who may do it, and its effects."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.backends import login_key_of_phone
from portal.members.models import Authenticator, Member, PhoneChange
from portal.members.rules import can_change_phone, can_restore
from portal.members.services.factors import factor_check
from portal.members.services.passwords import password_set
from portal.members.services.phones import phone_change_propose, phone_changes_keep_time
from portal.members.services.restoring import account_unlock, factor_remove, sessions_end
from portal.members.services.sign_in import member_for_code, staff_password_check
from tests.factories.members import make_authenticator, make_duty, make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.members.test_sign_in import confirmed

pytestmark = pytest.mark.django_db
PASSWORD = "Zhuyi-Anquan-2026"
REASON = "本人到场，换了新号码"


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def fresh(member):
    return Member.objects.get(pk=member.pk)


def test_the_level_above_and_her_own_level_settle_and_nobody_below_or_beside():
    city = make_organization()
    unit = make_unit(city)
    cadre = make_staff(unit, Role.CADRE)
    for actor, may in [
        (make_staff(unit), True),
        (make_staff(city), True),
        (make_staff(make_province()), True),
        (make_staff(city, Role.CADRE), False),
        (make_staff(city, Role.REVIEWER), False),
        (make_staff(make_unit(city)), False),
        (make_staff(make_organization()), False),
        (make_member(unit), False),
        (cadre, False),
    ]:
        assert can_restore(actor, fresh(cadre)) is may
    chair = make_staff(city)
    assert not can_restore(chair, chair)


def test_nobody_settles_an_account_that_reaches_further_than_her_own():
    city = make_organization()
    chair, person = make_staff(city), make_member(city)
    assert can_restore(chair, fresh(person))
    duty = make_duty(person, make_province(), valid_from=timezone.localdate() + timedelta(days=3))
    assert not can_restore(chair, fresh(person))
    duty.delete()
    make_duty(person, make_organization())
    assert not can_restore(chair, fresh(person))


@pytest.mark.parametrize(
    ("role", "restore", "phone"),
    [
        (Role.SYSTEM_ADMINISTRATOR, True, True),
        (Role.SECURITY_ADMINISTRATOR, True, False),
        (Role.AUDIT_ADMINISTRATOR, True, False),
        (Role.CHAIR, True, True),
    ],
)
def test_administrators_are_settled_by_a_security_administrator(role, restore, phone):
    root = make_province()
    person = make_staff(root, role)
    security, chair = make_staff(root, Role.SECURITY_ADMINISTRATOR), make_staff(root)
    assert (can_restore(security, person), can_change_phone(security, person)) == (restore, phone)
    assert can_restore(chair, person) is (role == Role.CHAIR)
    assert not can_restore(make_staff(root, Role.SYSTEM_ADMINISTRATOR), person)


@pytest.mark.parametrize("action", [account_unlock, factor_remove, phone_change_propose])
def test_the_service_asks_too(action):
    person = make_staff(phone=phone_number(1))
    make_authenticator(person)
    more = {"phone": phone_number(2)} if action is phone_change_propose else {}
    fields = ("session_epoch", "unlocked_at", "phone_index", "login_key", "version")
    before, entries = Member.objects.values(*fields).get(pk=person.pk), AuditEntry.objects.count()
    for actor in (make_staff(), person):
        with pytest.raises(DomainError) as refusal:
            action(actor=actor, member=person, reason=REASON, **more)
        assert refusal.value.code == "not-yours"
    assert (Member.objects.values(*fields).get(pk=person.pk), AuditEntry.objects.count()) == (before, entries)
    assert Authenticator.objects.count() == 1


def test_a_new_phone_waits_and_then_confirms_nobody(client):
    city = make_organization()
    phone = phone_number(1)
    person = make_member(city, phone=phone, login_key=login_key_of_phone(phone), phone_confirmed_at=timezone.now())
    sign_in(client, person)
    assert client.get(reverse("members:me")).status_code == 200

    phone_change_propose(actor=make_staff(city), member=person, phone=phone_number(2), reason=REASON)

    held = fresh(person)
    assert (held.phone, held.login_key, held.is_proven) == (phone, login_key_of_phone(phone), True)
    assert client.get(reverse("members:me")).status_code == 200
    entry = AuditEntry.objects.about(person).first()
    assert (entry.action, entry.note, phone_number(2) in str(entry.__dict__)) == ("member.phone-propose", REASON, False)

    PhoneChange.objects.update(due_at=timezone.now())
    assert phone_changes_keep_time() == 1

    held = fresh(person)
    assert (held.phone, held.phone_confirmed_at, held.login_key, held.is_proven) == (phone_number(2), None, None, False)
    assert client.get(reverse("members:me")).status_code == 302
    assert member_for_code(confirmed(phone)) == (None, [])
    assert member_for_code(confirmed(phone_number(2))) == (None, [held])


def test_a_phone_of_another_entry_is_refused():
    city = make_organization()
    make_member(city, phone=phone_number(2))
    person = make_member(city, phone=phone_number(1))
    for phone, code in [(phone_number(2), "phone-taken"), (phone_number(1), "same"), ("12", "phone")]:
        with pytest.raises(DomainError) as refusal:
            phone_change_propose(actor=make_staff(city), member=person, phone=phone, reason=REASON)
        assert refusal.value.code == code
    assert fresh(person).phone == phone_number(1)


def test_a_lost_authenticator_is_removed():
    city = make_organization()
    person, chair = make_staff(city), make_staff(city)
    with pytest.raises(DomainError) as refusal:
        factor_remove(actor=chair, member=person, reason=REASON)
    assert refusal.value.code == "no-factor"
    make_authenticator(person)
    factor_remove(actor=chair, member=person, reason=REASON)
    assert not Authenticator.objects.filter(member=person).exists()
    assert AuditEntry.objects.about(person).first().note == REASON


def test_a_locked_account_opens_at_once():
    city = make_organization()
    person = password_set(actor=None, member=make_staff(city), login_name="shili", password=PASSWORD)

    def check(password=PASSWORD, address="10.0.0.1"):
        return staff_password_check(login_name="shili", password=password, address=address)

    for number in range(25):
        with pytest.raises(DomainError):
            check("wrong", f"10.0.0.{number % 5}")
    with pytest.raises(DomainError) as refusal:
        check()
    assert refusal.value.code == "locked"

    account_unlock(actor=make_staff(city), member=person, reason=REASON)

    assert check() == person
    for _try in range(5):
        with pytest.raises(DomainError):
            check("wrong")
    with pytest.raises(DomainError) as refusal:
        check()
    assert refusal.value.code == "locked"


def test_unlocking_counts_for_the_second_factor_too():
    city = make_organization()
    person = make_staff(city)
    make_authenticator(person)
    for code in ["wrong-code"] * 10 + ["too-many"]:
        with pytest.raises(DomainError) as refusal:
            factor_check(member=person, code="1")
        assert refusal.value.code == code
    held = account_unlock(actor=make_staff(city), member=person, reason=REASON)
    with pytest.raises(DomainError) as refusal:
        factor_check(member=held, code="1")
    assert refusal.value.code == "wrong-code"


def test_sessions_end_everywhere(client):
    person = make_staff()
    other = sign_in(type(client)(), person)
    sign_in(client, person)
    assert client.post(reverse("members:sessions")).status_code == 302
    assert client.get(reverse("members:me")).status_code == 302
    assert other.get(reverse("members:me")).status_code == 302
    sessions_end(member=person)


PAGES = ["member-phone", "member-factor", "member-unlock", "member-invite"]


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_ask_for_a_reason(client, name):
    city = make_organization()
    person = make_staff(city, Role.CADRE, phone=phone_number(1))
    make_authenticator(person)
    page = reverse(f"members:{name}", args=[person.pk])
    assert client.get(page).status_code == 302
    for actor, status in [
        (make_staff(make_organization()), 404),
        (make_staff(city, Role.CADRE), 403),
        (person, 403),
        (make_staff(city), 200),
    ]:
        client.logout()
        sign_in(client, actor)
        assert client.get(page).status_code == status
    entries = AuditEntry.objects.count()
    assert client.post(page, {"phone": phone_number(2), "reason": ""}).status_code == 422
    assert AuditEntry.objects.count() == entries
    answer = client.post(page, {"phone": phone_number(2), "reason": REASON})
    change = PhoneChange.objects.first()
    assert answer.headers["Location"] == (change or person).get_absolute_url()
    assert AuditEntry.objects.filter(note=REASON, about_id=person.pk).count() == 1
