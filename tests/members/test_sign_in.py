"""One-time codes, passwords of staff, activation."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError, TooMany
from portal.core.models import Throttle
from portal.members.backends import PasswordBackend, login_key_of_phone
from portal.members.choices import CodePurpose
from portal.members.models import Member, SignInCode
from portal.members.services.activation import member_activate
from portal.members.services.duties import duty_end
from portal.members.services.passwords import password_set
from portal.members.services.sign_in import code_confirm, code_send, member_for_code, staff_password_check
from portal.messaging.channels import FileSms
from tests.factories.members import identity_number, make_entry, make_member, make_staff, phone_number
from tests.threads import at_once

PASSWORD = "Zhuyi-Anquan-2026"
PHONE = phone_number(1)


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def send(phone=PHONE, purpose=CodePurpose.SIGN_IN, address="10.0.0.1", **fields):
    """Send a code, ignoring the wait between two codes; return its row and the six digits."""
    row = code_send(phone=phone, purpose=purpose, address=address, **fields)
    return row, sent_code()


def sent_code():
    return re.search(r"(?<!\d)\d{6}(?!\d)", FileSms.sent()[0]["text"])[0]


def wait_a_minute():
    SignInCode.objects.update(created_at=timezone.now() - timedelta(seconds=61))


def confirmed(phone=PHONE, **fields):
    row, code = send(phone, **fields)
    return code_confirm(code_row=row, code=code)


def other_than(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def refusal_of(call, **arguments):
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    return refusal.value


@pytest.mark.django_db
def test_a_code_is_sent_kept_as_a_hash_and_works_once():
    row, code = send()
    assert (FileSms.sent()[0]["phone"], len(FileSms.sent())) == (PHONE, 1)
    assert code not in row.code_hash
    assert abs((row.expires_at - timezone.now()).total_seconds() - 300) < 5

    assert code_confirm(code_row=row, code=f" {code[:3]} {code[3:]} ").confirmed_at is not None
    assert refusal_of(code_confirm, code_row=row, code=code).code == "wrong-code"


@pytest.mark.django_db
def test_known_and_unknown_numbers_are_answered_alike():
    make_member(phone=PHONE)
    known, unknown = send(PHONE)[0], send(phone_number(2))[0]
    shape = ["member_id", "purpose", "tries", "confirmed_at", "used_at"]
    assert [getattr(known, name) for name in shape] == [getattr(unknown, name) for name in shape]
    texts = {re.sub(r"\d{6}", "", entry["text"]) for entry in FileSms.sent()}
    assert (len(texts), len(FileSms.sent())) == (1, 2)


@pytest.mark.django_db
def test_a_wrong_code_is_counted_and_the_sixth_try_fails_with_the_right_one():
    row, code = send()
    for tries in range(1, 6):
        assert refusal_of(code_confirm, code_row=row, code=other_than(code)).code == "wrong-code"
        row.refresh_from_db()
        assert (row.tries, row.confirmed_at) == (tries, None)
    assert refusal_of(code_confirm, code_row=row, code=code).code == "wrong-code"
    row.refresh_from_db()
    assert row.confirmed_at is None


@pytest.mark.django_db
def test_the_fifth_try_may_be_right():
    row, code = send()
    for _try in range(4):
        refusal_of(code_confirm, code_row=row, code=other_than(code))
    assert code_confirm(code_row=row, code=code).tries == 5


@pytest.mark.django_db
def test_a_code_ends_after_five_minutes():
    row, code = send()
    SignInCode.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    assert refusal_of(code_confirm, code_row=row, code=code).code == "wrong-code"


@pytest.mark.django_db
def test_a_code_of_another_row_does_not_fit():
    _row, code = send(PHONE)
    other, _code = send(phone_number(2))
    if code != _code:
        assert refusal_of(code_confirm, code_row=other, code=code).code == "wrong-code"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１" * 6, "\x00", "x" * 5000])
def test_anything_can_be_typed_into_the_code(code):
    row, right = send()
    if code != right:
        assert refusal_of(code_confirm, code_row=row, code=code).code == "wrong-code"


@pytest.mark.django_db
def test_a_second_code_waits_a_minute_and_voids_the_first():
    first, code = send()
    refusal = refusal_of(code_send, phone=PHONE, purpose=CodePurpose.SIGN_IN, address="10.0.0.1")
    assert (type(refusal), refusal.code, len(FileSms.sent())) == (TooMany, "resend", 1)

    wait_a_minute()
    second, new_code = send()

    assert refusal_of(code_confirm, code_row=first, code=code).code == "wrong-code"
    assert code_confirm(code_row=second, code=new_code).confirmed_at is not None


@pytest.mark.django_db
def test_codes_of_other_purposes_stand_beside_each_other():
    row, code = send()
    send(purpose=CodePurpose.FRESH)
    assert code_confirm(code_row=row, code=code).confirmed_at is not None


@pytest.mark.django_db
def test_five_codes_a_phone_and_hour():
    for _number in range(5):
        send()
        wait_a_minute()
    refusal = refusal_of(code_send, phone=PHONE, purpose=CodePurpose.SIGN_IN, address="10.0.0.2")
    assert (type(refusal), refusal.code) == (TooMany, "too-many")
    assert len(FileSms.sent()) == 5
    send(phone_number(2))


@pytest.mark.django_db
def test_codes_an_address_and_hour_are_limited(settings):
    settings.SIGN_IN_CODES_PER_ADDRESS_AND_HOUR = 3
    for number in range(3):
        send(phone_number(number))
    assert (
        refusal_of(code_send, phone=phone_number(9), purpose=CodePurpose.SIGN_IN, address="10.0.0.1").code == "too-many"
    )
    send(phone_number(9), address="10.0.0.2")


@pytest.mark.django_db
def test_a_code_that_could_not_be_sent_is_no_code(settings):
    settings.SMS_BACKEND = "portal.messaging.channels.RefusingSms"
    refusal = refusal_of(code_send, phone=PHONE, purpose=CodePurpose.SIGN_IN, address="10.0.0.1")
    assert refusal.code == "not-sent"
    assert not SignInCode.objects.exists()
    settings.SMS_BACKEND = "portal.messaging.channels.FileSms"
    send()


def test_a_code_typed_in_two_tabs_at_once_works_once(fresh_database):
    row, code = send()
    answers = at_once(lambda _number: code_confirm(code_row=row, code=code), range(5))
    assert sum(isinstance(answer, SignInCode) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, DomainError)} == {"wrong-code"}


def test_guesses_at_once_get_no_more_than_five_tries(fresh_database):
    row, code = send()
    at_once(lambda _number: code_confirm(code_row=row, code=other_than(code)), range(12))
    assert refusal_of(code_confirm, code_row=row, code=code).code == "wrong-code"


@pytest.mark.django_db
def test_a_phone_opens_the_account_that_confirmed_it_and_no_other():
    owner = make_member(phone=PHONE, login_key=login_key_of_phone(PHONE))
    make_entry(phone=PHONE)
    assert member_for_code(confirmed()) == (owner, [])


@pytest.mark.django_db
def test_an_inactive_account_is_not_opened():
    make_member(phone=PHONE, login_key=login_key_of_phone(PHONE), is_active=False)
    assert member_for_code(confirmed()) == (None, [])


@pytest.mark.django_db
def test_an_unknown_phone_opens_nothing():
    assert member_for_code(confirmed()) == (None, [])


@pytest.mark.django_db
def test_the_name_opens_a_provisional_account_of_the_entry_with_the_phone():
    number = identity_number(3)
    entry = make_entry(phone=PHONE, identity_kind="resident", identity_number=number, name="示例古丽·买买提")
    row = confirmed()
    assert member_for_code(row) == (None, [entry])

    member = member_activate(code_row=row, name=" 示例古丽 买买提 ")

    assert (member.pk, member.is_proven, member.opens_secrets) == (entry.pk, False, False)
    assert member.login_key == login_key_of_phone(PHONE)
    assert member.activated_at == member.phone_confirmed_at
    assert AuditEntry.objects.about(entry).first().action == "member.activate"
    assert member_for_code(row) == (member, [])
    assert refusal_of(member_activate, code_row=row, name=entry.name).code == "no-name"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "000000", identity_number(3)[-6:], "示例", "\x00", "９" * 500])
def test_another_name_opens_nothing(name):
    entry = make_entry(phone=PHONE, identity_kind="resident", identity_number=identity_number(3), name="示例甲")
    assert refusal_of(member_activate, code_row=confirmed(), name=name).code == "no-name"
    entry.refresh_from_db()
    assert (entry.login_key, entry.activated_at, entry.phone_confirmed_at) == (None, None, None)


@pytest.mark.django_db
def test_of_two_entries_with_one_phone_the_name_finds_the_right_one():
    make_entry(phone=PHONE, name="示例甲")
    entry = make_entry(phone=PHONE, name="示例乙")
    assert member_activate(code_row=confirmed(), name="示例乙") == entry


@pytest.mark.django_db
def test_no_activation_without_a_confirmed_code():
    make_entry(phone=PHONE, name="示例甲")
    row, _code = send()
    assert refusal_of(member_activate, code_row=row, name="示例甲").code == "no-name"


@pytest.mark.django_db
def test_five_names_a_phone_and_hour():
    make_entry(phone=PHONE, name="示例甲")
    row = confirmed()
    for _try in range(5):
        assert refusal_of(member_activate, code_row=row, name="示例").code == "no-name"
    assert refusal_of(member_activate, code_row=row, name="示例甲").code == "too-many"


def make_cadre(login_name="示例李", **fields):
    member = make_staff(**fields)
    return password_set(actor=None, member=member, login_name=login_name, password=PASSWORD)


def check(password=PASSWORD, login_name="示例李", address="10.0.0.1"):
    return staff_password_check(login_name=login_name, password=password, address=address)


@pytest.mark.django_db
@pytest.mark.parametrize("login_name", ["示例李", " 示例李 ", "ShiLi", "ｓｈｉｌｉ"])
def test_the_right_password_opens(login_name):
    member = make_cadre("shili" if login_name.isascii() or "ｓ" in login_name else "示例李")
    assert check(login_name=login_name) == member


@pytest.mark.django_db
def test_wrong_and_unknown_are_answered_alike():
    make_cadre()
    answers = {(refusal.code, str(refusal)) for refusal in (
        refusal_of(check, password="wrong"),
        refusal_of(check, login_name="nobody"),
        refusal_of(check, password=""),
        refusal_of(check, login_name="x" * 256),
        refusal_of(check, password="x" * 5000),
        refusal_of(check, login_name="a\x00b"),
    )}  # fmt: skip
    assert len(answers) == 1
    assert answers.pop()[0] == "wrong-password"


@pytest.mark.django_db
def test_who_holds_no_duty_any_more_has_no_way_in():
    member = make_cadre()
    duty = member.duty_set.get()
    duty_end(actor=None, duty=duty, on=duty.valid_from + timedelta(days=1))
    member.duty_set.update(valid_from=duty.valid_from - timedelta(days=2), valid_until=duty.valid_from)
    assert refusal_of(check).code == "wrong-password"


@pytest.mark.django_db
def test_an_inactive_person_has_no_way_in():
    member = make_cadre()
    Member.objects.filter(pk=member.pk).update(is_active=False)
    assert refusal_of(check).code == "wrong-password"
    assert PasswordBackend().get_user(member.pk) is None


@pytest.mark.django_db
def test_five_failures_lock_the_right_password_too_at_that_address_alone():
    member = make_cadre()
    for _try in range(5):
        assert refusal_of(check, password="wrong").code == "wrong-password"
    locked = refusal_of(check)
    assert (type(locked), locked.code) == (TooMany, "locked")
    assert check(address="10.0.0.2") == member
    assert refusal_of(check, login_name="示例王").code == "wrong-password"


@pytest.mark.django_db
def test_twenty_failures_from_anywhere_lock_the_name():
    make_cadre()
    for number in range(20):
        refusal_of(check, password="wrong", address=f"10.0.1.{number}")
    assert refusal_of(check, address="10.0.0.9").code == "locked"


@pytest.mark.django_db
def test_strangers_do_not_lock_her_out_of_the_address_she_signs_in_from():
    member = make_cadre()
    check(address="10.0.0.9")
    for number in range(20):
        refusal_of(check, password="wrong", address=f"10.0.1.{number}")
    assert refusal_of(check, address="10.0.0.10").code == "locked"
    assert check(address="10.0.0.9") == member
    for _try in range(5):
        assert refusal_of(check, password="wrong", address="10.0.0.9").code == "wrong-password"
    assert refusal_of(check, address="10.0.0.9").code == "locked"


@pytest.mark.django_db
def test_a_hundred_names_from_one_address_lock_it():
    make_cadre()
    for number in range(100):
        refusal_of(check, login_name=f"name{number}")
    assert refusal_of(check).code == "locked"
    assert check(address="10.0.0.2")


@pytest.mark.django_db
def test_success_forgets_the_failures_of_the_pair():
    make_cadre()
    for _round in range(2):
        for _try in range(4):
            refusal_of(check, password="wrong")
        check()


@pytest.mark.django_db
def test_limits_hold_no_phone_and_no_name():
    make_cadre()
    refusal_of(check, password="wrong")
    send()
    assert all(re.fullmatch(r"[0-9a-f]{64}", bucket) for bucket in Throttle.objects.values_list("bucket", flat=True))
    assert Throttle.objects.count() == 6


@pytest.mark.django_db
def test_a_failed_sign_in_is_on_record_without_the_name():
    make_cadre()
    refusal_of(check, password="wrong")
    entry = AuditEntry.objects.get(action="sign-in.refused")
    assert (entry.actor, entry.about_id, entry.data) == (None, None, {"reason": "password"})
