"""The authenticator: enrolling, one-time use of codes, recovery codes, who must have one."""

import pyotp
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Authenticator, Member, RecoveryCode
from portal.members.services.factors import (
    begun_factor,
    confirmed_factor,
    factor_address,
    factor_begin,
    factor_check,
    factor_confirm,
    must_enrol,
    recovery_codes_left,
    recovery_codes_renew,
)
from portal.members.services.passwords import password_set
from portal.messaging.channels import FileSms
from portal.messaging.models import Message
from tests.factories.members import make_authenticator, make_staff, phone_number, sign_in
from tests.factories.organizations import make_province
from tests.threads import at_once

PASSWORD = "Zhuyi-Anquan-2026"


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def code_of(factor, steps=0):
    """Return the authenticator's code now, or ``steps`` steps of 30 s later."""
    return pyotp.TOTP(factor.secret).at(int(timezone.now().timestamp()) + 30 * steps)


def enrolled(**fields):
    """Return (member, authenticator, recovery codes); the current code is already used."""
    member = make_staff(**fields)
    factor = factor_begin(member=member)
    codes = factor_confirm(member=member, code=code_of(factor))
    return member, confirmed_factor(member), codes


def refused(member, code):
    with pytest.raises(DomainError) as refusal:
        factor_check(member=member, code=code)
    return refusal.value.code


@pytest.mark.django_db
def test_an_authenticator_counts_once_a_code_of_it_was_typed():
    member = make_staff()
    factor = factor_begin(member=member)
    assert confirmed_factor(member) is None
    with pytest.raises(DomainError):
        factor_confirm(member=member, code="000000")
    assert (confirmed_factor(member), RecoveryCode.objects.count()) == (None, 0)

    codes = factor_confirm(member=member, code=code_of(factor))

    assert confirmed_factor(member) == factor
    assert (len(set(codes)), recovery_codes_left(member)) == (10, 10)
    assert Message.objects.filter(recipient=member, kind="members.factor").count() == 1
    assert member.name not in factor_address(confirmed_factor(member))


@pytest.mark.django_db
def test_secret_and_recovery_codes_are_not_kept_in_clear():
    _member, factor, codes = enrolled()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM members_authenticator")
        assert factor.secret.encode() not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT code_hash FROM members_recoverycode")
        kept = {row[0] for row in cursor.fetchall()}
    assert not kept & {code.replace("-", "") for code in codes}


@pytest.mark.django_db
def test_a_code_is_taken_once_and_none_before_it():
    member, factor, _codes = enrolled()
    assert refused(member, code_of(factor)) == "wrong-code"
    assert refused(member, code_of(factor, -1)) == "wrong-code"
    factor_check(member=member, code=code_of(factor, 1))
    assert refused(member, code_of(factor, 1)) == "wrong-code"
    assert refused(member, code_of(factor, 2)) == "wrong-code"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "12345", "abcdef", "\x00", "１２３４５６", "x" * 5000])
def test_anything_can_be_typed(code):
    member, _factor, _codes = enrolled()
    assert refused(member, code) == "wrong-code"
    assert recovery_codes_left(member) == 10


@pytest.mark.django_db
def test_a_recovery_code_works_once_and_is_told():
    member, _factor, codes = enrolled()
    factor_check(member=member, code=codes[3].lower())
    assert recovery_codes_left(member) == 9
    assert refused(member, codes[3]) == "wrong-code"
    assert Message.objects.get(recipient=member, kind="members.recovery").context == {"left": 9}
    other, _factor, _codes = enrolled()
    assert refused(other, codes[4]) == "wrong-code"


@pytest.mark.django_db
def test_new_recovery_codes_void_the_old_ones():
    member, _factor, codes = enrolled()
    renewed = recovery_codes_renew(member=member)
    assert refused(member, codes[0]) == "wrong-code"
    factor_check(member=member, code=renewed[0])


@pytest.mark.django_db
def test_recovery_codes_need_an_authenticator():
    with pytest.raises(DomainError):
        recovery_codes_renew(member=make_staff())
    assert not RecoveryCode.objects.exists()


@pytest.mark.django_db
def test_the_eleventh_try_fails_with_the_right_code_too():
    member, factor, codes = enrolled()
    for _try in range(10):
        assert refused(member, "000000") == "wrong-code"
    assert refused(member, code_of(factor, 1)) == "too-many"
    assert refused(member, codes[0]) == "too-many"
    assert recovery_codes_left(member) == 10


@pytest.mark.django_db
def test_a_second_authenticator_replaces_the_first_once_confirmed():
    member, first, _codes = enrolled()
    second = factor_begin(member=member)
    factor_check(member=member, code=code_of(first, 1))
    factor_confirm(member=member, code=code_of(second))
    assert list(Authenticator.objects.filter(member=member)) == [second]


def test_one_code_typed_in_two_tabs_at_once_is_taken_once(fresh_database):
    member, factor, _codes = enrolled()
    code = code_of(factor, 1)
    answers = at_once(lambda _number: factor_check(member=member, code=code), range(4))
    assert sum(answer is None for answer in answers) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("required", "role", "must"),
    [
        ("administrators", Role.SYSTEM_ADMINISTRATOR, True),
        ("administrators", Role.CHAIR, False),
        ("staff", Role.CHAIR, True),
        ("staff", Role.AUDIT_ADMINISTRATOR, True),
        ("nobody", Role.SYSTEM_ADMINISTRATOR, False),
    ],
)
def test_who_must_enrol(settings, required, role, must):
    settings.SECOND_FACTOR_REQUIRED = required
    member = make_staff(role=role)
    assert must_enrol(member) is must
    make_authenticator(member)
    assert must_enrol(member) is False


@pytest.mark.django_db
def test_an_administrator_enrols_before_anything_else(client):
    admin = make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR)
    sign_in(client, admin)
    session = client.session
    session["code_at"] = session["signed_in_at"]
    session.save()
    Authenticator.objects.all().delete()
    page = reverse("members:authenticator-setup")
    for path in ("/", "/admin/", reverse("members:duty-list"), reverse("members:security")):
        assert client.get(path).headers["Location"] == page
    assert client.get(reverse("members:authenticator-qr")).status_code == 404

    client.post(page, {"begin": "1"})
    picture = client.get(reverse("members:authenticator-qr"))
    assert (picture["Content-Type"], "no-store" in picture["Cache-Control"]) == ("image/svg+xml", True)
    assert client.get(page).status_code == 200
    assert client.post(page, {"code": "000000"}).status_code == 422
    answer = client.post(page, {"code": code_of(begun_factor(admin))})

    assert answer.status_code == 200
    assert len(answer.context["codes"]) == 10
    assert client.get("/admin/").status_code == 200
    assert client.get(reverse("members:authenticator-qr")).status_code == 404


@pytest.mark.django_db
def test_setting_up_asks_for_a_fresh_code(client):
    sign_in(client, make_staff())
    answer = client.get(reverse("members:authenticator-setup"))
    assert answer.headers["Location"].startswith(reverse("members:fresh"))


@pytest.mark.django_db
def test_sign_in_with_an_authenticator_sends_no_text_message(client):
    member, factor, _codes = enrolled(phone=phone_number(5))
    password_set(actor=None, member=member, login_name="shili", password=PASSWORD)
    door = reverse("members:sign-in-staff")
    answer = client.post(door, {"login_name": "shili", "password": PASSWORD})
    assert answer.headers["Location"] == reverse("members:sign-in-totp")
    assert FileSms.sent() == []
    assert client.get(reverse("members:sign-in-factor")).status_code == 302
    step = reverse("members:sign-in-totp")
    assert client.get(step).status_code == 200
    assert client.post(step, {"code": code_of(factor)}).status_code == 422
    assert "_auth_user_id" not in client.session
    assert client.post(step, {"code": code_of(factor, 1)}).status_code == 302
    assert client.session["_auth_user_id"] == str(member.pk)


@pytest.mark.django_db
def test_the_code_by_text_message_does_not_open_who_has_enrolled_since(client):
    member = make_staff(phone=phone_number(6))
    password_set(actor=None, member=member, login_name="shili", password=PASSWORD)
    client.post(reverse("members:sign-in-staff"), {"login_name": "shili", "password": PASSWORD})
    code = FileSms.sent()[0]["text"]
    make_authenticator(Member.objects.get(pk=member.pk))
    digits = "".join(char for char in code if char.isdecimal())[:6]
    assert client.post(reverse("members:sign-in-factor"), {"code": digits}).status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_the_second_step_is_for_who_gave_the_password(client):
    assert client.get(reverse("members:sign-in-totp")).headers["Location"] == reverse("members:sign-in-staff")
    assert client.post(reverse("members:sign-in-totp"), {"code": "1"}).status_code == 302
