"""Password rules for staff, and the links by which they choose a password."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Invitation, Member, PasswordHistory
from portal.members.services.appointments import duty_give
from portal.members.services.duties import duty_end
from portal.members.services.invitations import invitation_accept, invitation_find, invitation_link, invitation_send
from portal.members.services.passwords import must_change_password, password_change, password_set
from portal.members.services.sign_in import code_confirm, member_for_code, staff_password_check
from portal.messaging.models import Message
from portal.messaging.services.messages import message_words
from tests.factories.members import (
    identity_number,
    make_duty,
    make_entry,
    make_member,
    make_staff,
    phone_number,
    sign_in,
)
from tests.factories.organizations import make_organization
from tests.members.test_sign_in import send

pytestmark = pytest.mark.django_db
PASSWORD = "Zhuyi-Anquan-2026"
PHONE = phone_number(31)


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def fresh(member):
    return Member.objects.get(pk=member.pk)


def make_cadre(password=PASSWORD):
    return password_set(actor=None, member=make_staff(), login_name="示例李", password=password)


def codes_of(password, member=None):
    with pytest.raises(ValidationError) as refusal:
        password_change(member=member or make_cadre(), current=PASSWORD, password=password)
    return {error.code for error in refusal.value.error_list}


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Kurz-2026", "password_too_short"),
        ("nurkleinebuchstaben", "password_classes"),
        ("kleinundziffern20261", "password_classes"),
        ("234567890123", "password_entirely_numeric"),
        ("Password1234", "password_too_common"),
        ("Women-Portal-77", None),
        ("半边天会聚良缘Portal7x", None),
    ],
)
def test_a_password_is_judged_by_length_and_classes(password, code):
    member = make_cadre()
    before = member.password
    if code is None:
        password_change(member=member, current=PASSWORD, password=password)
        assert fresh(member).check_password(password)
    else:
        assert code in codes_of(password, member)
        assert fresh(member).password == before


def test_the_last_five_are_not_taken_again_and_the_sixth_is():
    member = make_cadre()
    words = [f"{PASSWORD}-{number}" for number in range(5)]
    current = PASSWORD
    for word in words:
        password_change(member=member, current=current, password=word)
        current = word
    assert PasswordHistory.objects.filter(member=member).count() == 5
    for word in words:
        with pytest.raises(ValidationError):
            password_change(member=member, current=current, password=word)
    password_change(member=member, current=current, password=PASSWORD)
    assert fresh(member).check_password(PASSWORD)


def test_a_change_asks_for_the_present_one_five_times_an_hour():
    member = make_cadre()
    for _try in range(5):
        with pytest.raises(DomainError) as refusal:
            password_change(member=member, current="wrong", password="Women-Portal-77")
        assert refusal.value.code == "wrong-password"
    with pytest.raises(DomainError) as refusal:
        password_change(member=member, current=PASSWORD, password="Women-Portal-77")
    assert refusal.value.code == "too-many"
    assert fresh(member).check_password(PASSWORD)


@pytest.mark.parametrize(("days", "due"), [(89, False), (91, True), (None, True)])
def test_a_password_is_changed_after_ninety_days(days, due):
    member = make_cadre()
    changed = timezone.now() - timedelta(days=days) if days else None
    Member.objects.filter(pk=member.pk).update(password_changed_at=changed)
    assert must_change_password(fresh(member)) is due


def test_an_old_password_is_changed_before_anything_else(client):
    member = make_cadre()
    Member.objects.filter(pk=member.pk).update(password_changed_at=timezone.now() - timedelta(days=91))
    sign_in(client, fresh(member))
    page = reverse("members:password")
    assert client.get("/").headers["Location"] == page
    assert client.get(reverse("members:member-list")).headers["Location"] == page
    assert client.post(reverse("members:member-create")).headers["Location"] == page

    words = {"current": PASSWORD, "password": "Women-Portal-77", "again": "Women-Portal-77"}
    assert client.post(page, words).headers["Location"] == reverse("members:security")

    assert client.get("/").status_code == 200
    assert AuditEntry.objects.about(member).first().action == "member.password"


def test_a_new_password_ends_the_other_sessions_alone(client):
    member = make_cadre()
    other = type(client)()
    sign_in(other, member)
    sign_in(client, fresh(member))
    words = {"current": PASSWORD, "password": "Women-Portal-77", "again": "Women-Portal-77"}
    client.post(reverse("members:password"), words)
    assert client.get(reverse("members:security")).status_code == 200
    assert other.get(reverse("members:security")).status_code == 302


def test_two_different_words_change_nothing(client):
    member = make_cadre()
    sign_in(client, member)
    words = {"current": PASSWORD, "password": "Women-Portal-77", "again": "Women-Portal-78"}
    assert client.post(reverse("members:password"), words).status_code == 422
    assert fresh(member).check_password(PASSWORD)


def make_invited(**fields):
    """Return (chair, entry on the roster, its open invitation); the entry has a duty."""
    city = make_organization()
    fields = {"phone": PHONE, "identity_kind": "resident", "identity_number": identity_number(3), **fields}
    chair, entry = make_staff(city), make_entry(city, **fields)
    make_duty(entry, city)
    invitation_send(actor=chair, member=entry)
    return chair, entry, Invitation.objects.get(member=entry, used_at=None)


def accept(row, login_name="shili", password=PASSWORD, name=None):
    name = row.member.name if name is None else name
    return invitation_accept(invitation=row, login_name=login_name, password=password, name=name)


def test_who_gets_a_duty_without_a_login_gets_a_link():
    _chair, entry, row = make_invited()
    message = Message.objects.get(recipient=entry, channel="sms")
    link = invitation_link(row.pk)
    token = link.rsplit("/", 2)[1]
    assert (message.kind, message.context, message.about_id) == ("members.invitation", {}, row.pk)
    assert link in message_words(message)[1]
    assert token not in f"{row.token_hash}{row.salt}"
    assert invitation_find(token) == row


def test_who_has_a_login_or_no_phone_gets_none():
    city = make_organization()
    chair = make_staff(city)
    for member in (make_cadre(), make_member(city)):
        duty_give(actor=chair, member=member, organization=city, role=Role.EDITOR)
    assert not Invitation.objects.exists()


def test_an_invited_person_opens_her_access_once():
    _chair, entry, row = make_invited()
    member = accept(row)
    assert (member.pk, member.phone_confirmed_at is None, member.is_proven) == (entry.pk, False, False)
    with pytest.raises(DomainError) as refusal:
        staff_password_check(login_name="ShiLi", password=PASSWORD, address="10.0.0.1")
    assert refusal.value.code == "provisional"
    Member.objects.filter(pk=entry.pk).update(proven_at=timezone.now())
    assert staff_password_check(login_name="ShiLi", password=PASSWORD, address="10.0.0.1") == entry
    with pytest.raises(DomainError) as refusal:
        accept(row, login_name="other")
    assert refusal.value.code == "spent"


def test_her_confirmed_phone_still_opens_her_account_as_a_member():
    _chair, entry, row = make_invited()
    accept(row)
    code_row, code = send(PHONE)
    assert member_for_code(code_confirm(code_row=code_row, code=code)) == (entry, [])


@pytest.mark.parametrize("name", ["", "000000", identity_number(3)[-6:], "\x00", "x" * 500])
def test_a_link_in_the_wrong_hands_opens_nothing(name):
    _chair, entry, row = make_invited()
    with pytest.raises(DomainError) as refusal:
        accept(row, name=name)
    assert refusal.value.code == "no-name"
    row.refresh_from_db()
    assert (row.used_at, fresh(entry).login_key) == (None, None)


def test_a_taken_name_is_refused_and_the_link_stays():
    make_cadre()
    _chair, entry, row = make_invited()
    with pytest.raises(DomainError) as refusal:
        accept(row, login_name=" 示例李 ")
    assert refusal.value.code == "taken"
    assert fresh(entry).login_key is None
    assert accept(row, login_name="示例何").pk == entry.pk


def test_ten_tries_an_hour():
    _chair, _entry, row = make_invited()
    for _try in range(10):
        with pytest.raises(DomainError):
            accept(row, name="000000")
    with pytest.raises(DomainError) as refusal:
        accept(row)
    assert refusal.value.code == "too-many"


def test_a_weak_password_leaves_the_link_open():
    _chair, entry, row = make_invited()
    with pytest.raises(ValidationError):
        accept(row, password="weak")
    row.refresh_from_db()
    assert (row.used_at, fresh(entry).login_key) == (None, None)


def test_another_link_voids_the_first_and_seven_days_end_it():
    chair, entry, row = make_invited()
    second = invitation_send(actor=chair, member=entry)
    assert invitation_link(row.pk) == ""
    with pytest.raises(DomainError):
        accept(row)
    Invitation.objects.filter(pk=second.pk).update(expires_at=timezone.now())
    second.refresh_from_db()
    assert invitation_link(second.pk) == ""
    with pytest.raises(DomainError):
        accept(second)
    assert fresh(entry).login_key is None


def test_who_holds_no_duty_any_more_has_no_link():
    chair, entry, row = make_invited()
    duty_end(actor=chair, duty=entry.duty_set.get())
    with pytest.raises(DomainError) as refusal:
        accept(row)
    assert (refusal.value.code, fresh(entry).login_key) == ("spent", None)


def test_a_late_message_holds_no_link():
    _chair, entry, row = make_invited()
    Invitation.objects.update(expires_at=timezone.now())
    words = render_to_string("members/message_invitation.txt", {"message": Message(about_id=row.pk, recipient=entry)})
    assert "http" not in words


def test_the_pages_of_an_invitation(client):
    _chair, entry, row = make_invited()
    page = reverse("members:sign-in-invited")
    assert client.get(page).status_code == 404
    assert client.get("/sign-in/invitation/0000/").headers["Location"] == page
    assert client.get(page).status_code == 404

    link = invitation_link(row.pk)
    assert client.get(link[link.index("/sign-in") :]).headers["Location"] == page
    assert client.get(page).status_code == 200
    words = {"login_name": "shi li", "password": PASSWORD, "again": PASSWORD, "name": entry.name}
    assert client.post(page, words).status_code == 422
    words["login_name"] = "shili"
    assert client.post(page, words).headers["Location"] == reverse("members:sign-in-staff")
    assert fresh(entry).check_password(PASSWORD)
    assert client.get(page).status_code == 404


def test_a_new_password_by_link_keeps_the_login_name():
    chair, entry, row = make_invited()
    member = accept(row)
    Member.objects.filter(pk=entry.pk).update(proven_at=timezone.now())
    second = invitation_send(actor=chair, member=fresh(entry), reason="忘记密码")
    assert accept(second, login_name="", password="Women-Portal-77").login_key == member.login_key
    assert staff_password_check(login_name="shili", password="Women-Portal-77", address="10.0.0.1") == entry
    assert AuditEntry.objects.filter(action="member.invite", note="忘记密码").count() == 1
