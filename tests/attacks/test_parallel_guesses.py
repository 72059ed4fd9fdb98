"""Guesses sent at the same time.

No more of them are compared than if they were sent one after the other.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.core import limits
from portal.core.errors import DomainError, TooMany
from portal.core.models import Throttle
from portal.members.choices import CodePurpose
from portal.members.models import Member, SignInCode
from portal.members.services.data_requests import data_request_open
from portal.members.services.factors import factor_begin, factor_check, factor_confirm
from portal.members.services.passwords import password_change, password_set
from portal.members.services.sign_in import code_confirm, code_send, staff_password_check
from portal.members.services.vouching import vouching_ask
from portal.messaging.channels import FileSms
from tests.attacks.hashers import CountingHasher
from tests.factories.members import identity_number, make_authenticator, make_member, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit
from tests.threads import at_once

PASSWORD = "Zhuyi-Anquan-2026"
HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"
DOOR = "/sign-in/staff/"


@pytest.fixture(autouse=True)
def judged(settings, tmp_path, monkeypatch):
    """The passwords that were compared, in order."""
    settings.SMS_DIR = tmp_path / "sms"
    settings.PASSWORD_HASHERS = ["tests.attacks.hashers.CountingHasher"]
    monkeypatch.setattr(CountingHasher, "judged", [])
    return CountingHasher.judged


def make_cadre():
    member = make_staff(phone=phone_number(1))
    return password_set(actor=None, member=member, login_name="shili", password=PASSWORD)


def check(password=PASSWORD, address=HERE, login_name="shili"):
    return staff_password_check(login_name=login_name, password=password, address=address)


def codes_of(answers):
    return sorted(getattr(answer, "code", type(answer).__name__) for answer in answers)


def post(password, address=HERE, login_name="shili"):
    return Client().post(DOOR, {"login_name": login_name, "password": password}, REMOTE_ADDR=address)


def test_of_forty_wrong_passwords_at_once_five_are_judged(fresh_database, judged):
    make_cadre()
    answers = at_once(lambda number: post(f"wrong-{number}").status_code, range(40), threads=40)
    assert len(judged) == 5
    assert answers == [422] * 40
    assert post(PASSWORD).status_code == 422
    assert len(judged) == 5


def test_of_many_names_from_one_address_twenty_times_the_bound_are_judged(fresh_database, settings):
    settings.SIGN_IN_PASSWORD_FAILURES = 1
    answers = at_once(lambda number: check("x", login_name=f"nobody-{number}"), range(40), threads=40)
    assert codes_of(answers) == ["locked"] * 20 + ["wrong-password"] * 20


def test_from_many_addresses_twenty_are_judged_and_her_own_address_is_spared(fresh_database, judged):
    member = make_cadre()
    assert check(address=HERE) == member
    judged.clear()
    at_once(lambda number: check("wrong", address=f"10.0.1.{number}"), range(40), threads=40)
    assert len(judged) == 20
    assert codes_of(at_once(lambda _number: check(address=ELSEWHERE), [0])) == ["locked"]
    assert check(address=HERE) == member


def test_right_passwords_at_once_lock_nobody(fresh_database):
    member = make_cadre()
    for _round in range(2):
        answers = at_once(lambda _number: check(), range(5), threads=5)
        assert answers == [member] * 5
    assert sum(row.count for row in Throttle.objects.all() if row.ends_at < timezone.now() + timedelta(days=1)) == 0


def test_a_refused_try_does_not_lengthen_the_lock(fresh_database, settings, monkeypatch):
    member = make_cadre()
    for _try in range(5):
        with pytest.raises(DomainError):
            check("wrong")
    start = timezone.now()
    for minute in range(0, 30, 3):
        monkeypatch.setattr(timezone, "now", lambda minute=minute: start + timedelta(minutes=minute))
        with pytest.raises(TooMany):
            check()
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS * 7 / 6 + 1))
    assert check() == member


def test_of_forty_wrong_present_passwords_at_once_five_are_judged(fresh_database, judged):
    member = make_cadre()
    answers = at_once(
        lambda number: password_change(member=member, current=f"wrong-{number}", password="Xin-Mima-2027"),
        range(40),
        threads=40,
    )
    assert len(judged) == 5
    assert codes_of(answers) == ["too-many"] * 35 + ["wrong-password"] * 5


@pytest.mark.django_db
def test_a_new_password_that_breaks_a_rule_uses_up_no_try():
    member = make_cadre()
    for _try in range(8):
        with pytest.raises(Exception) as refusal:
            password_change(member=member, current=PASSWORD, password="short")
        assert type(refusal.value).__name__ == "ValidationError"
    password_change(member=member, current=PASSWORD, password="Xin-Mima-2027")


@pytest.fixture
def factor_codes(monkeypatch):
    """The codes of authenticators and phones that were compared."""
    seen = []

    def compare(left, right):
        seen.append(right)
        return left == right

    monkeypatch.setattr("portal.members.services.sign_in.hmac.compare_digest", compare)
    return seen


def test_of_forty_wrong_codes_at_once_five_are_judged(fresh_database, factor_codes):
    row = code_send(phone=phone_number(1), purpose=CodePurpose.SIGN_IN, address=HERE)
    right = re.search(r"(?<!\d)\d{6}(?!\d)", FileSms.sent()[0]["text"])[0]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    at_once(lambda _number: code_confirm(code_row=row, code=wrong), range(40), threads=40)
    assert len(factor_codes) == 5
    with pytest.raises(DomainError):
        code_confirm(code_row=row, code=right)


def test_of_forty_wrong_codes_of_an_authenticator_at_once_ten_are_judged(fresh_database, factor_codes):
    member = make_cadre()
    make_authenticator(member)
    answers = at_once(lambda number: factor_check(member=member, code=f"{number:06d}"), range(40), threads=40)
    assert len(factor_codes) <= 10 * 3
    assert codes_of(answers)[:30] == ["too-many"] * 30


def test_of_forty_recovery_codes_at_once_ten_are_judged(fresh_database):
    member = make_cadre()
    make_authenticator(member)
    answers = at_once(lambda number: factor_check(member=member, code=f"2345-6789-AB{number + 30}"), range(40))
    assert codes_of(answers).count("too-many") == 30


def test_of_forty_codes_that_confirm_an_authenticator_ten_are_judged(fresh_database):
    member = make_cadre()
    factor_begin(member=member)
    answers = at_once(lambda number: factor_confirm(member=member, code=f"{number:06d}"), range(40))
    assert codes_of(answers).count("too-many") == 30


def test_a_code_is_sent_once_however_many_ask_at_once(fresh_database):
    answers = at_once(
        lambda _number: code_send(phone=phone_number(1), purpose=CodePurpose.SIGN_IN, address=HERE), range(12)
    )
    assert codes_of(answers) == ["SignInCode", *["resend"] * 11]
    assert len(FileSms.sent()) == 1


@pytest.mark.django_db
def test_refused_resends_lock_no_account():
    member = make_cadre()
    arguments = {"phone": member.phone, "purpose": CodePurpose.FACTOR, "address": HERE, "member": member}
    code_send(**arguments)
    for _try in range(20):
        with pytest.raises(TooMany) as refusal:
            code_send(**arguments)
        assert refusal.value.code == "resend"
    SignInCode.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert code_send(**arguments).member == member


@pytest.mark.django_db
def test_resends_asked_for_over_http_lock_no_account():
    """Repeated requests for another code over HTTP lock no account.

    As observed: the right password, then the button for another code six times within a minute.
    """
    member = make_cadre()
    client = Client()
    assert client.post(DOOR, {"login_name": "shili", "password": PASSWORD})["Location"] == "/sign-in/factor/"
    for _try in range(8):
        assert client.post("/sign-in/factor/", {"resend": "1"}).status_code == 429
    SignInCode.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert client.post("/sign-in/factor/", {"resend": "1"}).status_code == 302
    assert SignInCode.objects.filter(member=member).count() == 2


@pytest.mark.django_db
def test_who_asks_for_codes_at_the_public_door_uses_up_no_second_step_of_staff():
    member = make_cadre()
    for number in range(5):
        assert Client().post("/sign-in/", {"phone": member.phone}, REMOTE_ADDR=f"10.0.9.{number}").status_code == 302
        SignInCode.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert Client().post("/sign-in/", {"phone": member.phone}).status_code == 422
    client = Client()
    assert client.post(DOOR, {"login_name": "shili", "password": PASSWORD})["Location"] == "/sign-in/factor/"


@pytest.mark.django_db
def test_a_limit_counts_all_or_none():
    wide, narrow = limits.Limit("a", "k", 9, 60), limits.Limit("b", "k", 1, 60)
    limits.take(wide, narrow)
    for _try in range(3):
        with pytest.raises(TooMany):
            limits.take(narrow, wide)
    assert Throttle.objects.get(bucket=wide.bucket).count == 1
    taken = limits.take(wide)
    assert Throttle.objects.get(bucket=wide.bucket).count == 2
    taken.give_back()
    assert Throttle.objects.get(bucket=wide.bucket).count == 1


def test_the_end_of_a_slot_gives_no_second_share(fresh_database, monkeypatch):
    """The end of a time slot does not renew the limit.

    Five tries in the last second of a slot also count as five tries in the next one.
    """
    limit = limits.Limit("edge", "k", 5, 60)
    start = timezone.now().replace(second=9, microsecond=900_000)
    monkeypatch.setattr(timezone, "now", lambda: start)
    for _try in range(5):
        limits.take(limit)
    for second in (1, 20, 40, 59):
        monkeypatch.setattr(timezone, "now", lambda second=second: start + timedelta(seconds=second))
        with pytest.raises(TooMany):
            limits.take(limit)
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(seconds=72))
    limits.take(limit)
    assert Member.objects.count() == 0


@pytest.mark.django_db
def test_a_code_that_the_provider_did_not_send_uses_up_none_of_hers(settings):
    arguments = {"phone": phone_number(1), "purpose": CodePurpose.SIGN_IN, "address": HERE}
    works = settings.SMS_BACKEND
    settings.SMS_BACKEND = "portal.messaging.channels.RefusingSms"
    for _try in range(8):
        with pytest.raises(DomainError) as refusal:
            code_send(**arguments)
        assert refusal.value.code == "not-sent"
    settings.SMS_BACKEND = works
    assert code_send(**arguments).phone == phone_number(1)


@pytest.mark.django_db
def test_a_flood_at_the_public_door_leaves_staff_their_second_step(settings):
    settings.SIGN_IN_CODES_PER_HOUR = 3
    member = make_cadre()
    for number in range(3):
        code_send(phone=phone_number(40 + number), purpose=CodePurpose.SIGN_IN, address=f"10.0.{number}.1")
    with pytest.raises(TooMany):
        code_send(phone=phone_number(49), purpose=CodePurpose.SIGN_IN, address="10.0.9.1")
    assert code_send(phone=member.phone, purpose=CodePurpose.FACTOR, address=HERE, member=member)


@pytest.mark.django_db
def test_refused_requests_to_vouch_and_for_ones_data_use_up_none():
    city = make_organization()
    unit = make_unit(city)
    row = code_send(phone=phone_number(1), purpose=CodePurpose.SIGN_IN, address=HERE)
    SignInCode.objects.filter(pk=row.pk).update(confirmed_at=timezone.now())
    asked = {"code_row": row, "name": "示例何", "identity_number": identity_number(7)}
    for _try in range(5):
        with pytest.raises(DomainError):
            vouching_ask(organization=city, **asked)
    assert vouching_ask(organization=unit, **asked)
    for _try in range(5):
        with pytest.raises(DomainError) as refusal:
            vouching_ask(organization=unit, **asked)
        assert refusal.value.code == "asked"
    member = make_member(unit)
    data_request_open(member=member, kind="correct", words="请改正")
    for _try in range(12):
        with pytest.raises(DomainError) as refusal:
            data_request_open(member=member, kind="correct", words="请改正")
        assert refusal.value.code == "asked"
    assert data_request_open(member=member, kind="delete", words="请删除")
