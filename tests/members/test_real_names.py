"""Whether name, identity number and phone belong together.

What is asked, what is answered, and the demo's operator.
"""

import io
import logging
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from portal.members import real_names
from portal.members.checks import identity_checks_are_set_up, refuse_demo_checks
from portal.members.real_names import (
    Answer,
    CheckError,
    check_real_name,
    check_three_elements,
    demo_cards,
    demo_cards_issue,
)
from portal.messaging.models import OutboxHold
from tests.members import identity_service as service

pytestmark = pytest.mark.django_db

HTTP = "portal.members.real_names.HttpCheck"
NULL = "portal.members.real_names.NullCheck"
DEMO = "portal.members.real_names.DemoCheck"
PERSON = {"name": "林晓梅", "identity_number": "110105199003070029", "phone": "13812345678"}
DEMO_PERSON = {"name": "贾若苓", "identity_number": "99999919800420804X", "phone": "12000000001"}


@pytest.fixture
def market(settings, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with service.IdentityService([tuple(PERSON.values())]) as server:
        for name in real_names.SERVICES:
            setattr(settings, f"{name}_BACKEND", HTTP)
            setattr(settings, f"{name}_URL", server.url + service.PATH)
            setattr(settings, f"{name}_KEY_ID", service.KEY_ID)
            setattr(settings, f"{name}_KEY_SECRET", service.KEY_SECRET)
            setattr(settings, f"{name}_TIMEOUT_SECONDS", 1.5)
        yield server


@pytest.fixture(autouse=True)
def cards(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


@pytest.mark.parametrize("check", [check_three_elements, check_real_name])
@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, Answer.MATCHES),
        ({"name": "林晓美"}, Answer.DIFFERS),
        ({"identity_number": "110105199003070037"}, Answer.DIFFERS),
        ({"phone": "13999999999"}, Answer.UNKNOWN),
        ({"identity_number": "11010519900307002x", "phone": "13999999999"}, Answer.UNKNOWN),
    ],
)
def test_the_service_answers(market, check, changes, answer):
    assert check(**{**PERSON, **changes}) == answer
    (asked,) = market.requests
    assert service.is_signed(asked)
    assert asked.path == service.PATH


def test_personal_values_stand_in_the_body_alone(market):
    check_three_elements(**PERSON)
    (asked,) = market.requests
    assert asked.json == {"name": "林晓梅", "idcard": PERSON["identity_number"], "mobile": PERSON["phone"]}
    outside = asked.path + str(asked.headers)
    assert not any(value in outside for value in PERSON.values())


def test_blanks_and_full_width_signs_do_not_matter(market):
    assert (
        check_three_elements(name=" 林晓梅 ", identity_number="110105 19900307 0029", phone="138 1234 5678")
        == "matches"
    )


def test_a_service_with_an_appcode_and_names_of_its_own(market, settings):
    settings.THREE_ELEMENTS_KEY_ID = ""
    settings.THREE_ELEMENTS_FIELDS = ("realname", "idNo", "phoneNo")
    settings.THREE_ELEMENTS_RESULT = "res"
    market.instead = (200, "application/json", {"res": "2"})
    assert check_three_elements(**PERSON) == Answer.DIFFERS
    (asked,) = market.requests
    assert asked.headers["authorization"] == f"APPCODE {service.KEY_SECRET}"
    assert list(asked.json) == ["realname", "idNo", "phoneNo"]


@pytest.mark.parametrize(
    "changes",
    [
        {"identity_number": ""},
        {"identity_number": None},
        {"identity_number": "E12345678"},
        {"name": ""},
        {"phone": ""},
        {"phone": None},
        {"phone": "0571-88888888"},
        {"identity_number": DEMO_PERSON["identity_number"]},
        {"phone": DEMO_PERSON["phone"]},
    ],
    ids=str,
)
def test_who_cannot_be_asked_about_is_unknown_and_nobody_is_asked(market, changes):
    assert check_three_elements(**{**PERSON, **changes}) == Answer.UNKNOWN
    assert market.requests == []


FAULTS = [
    "hang",
    "drip",
    "cut",
    (400, "application/json", {"code": "400"}),
    (401, "application/json", {"code": "401"}),
    (403, "application/json", {"msg": "Quota Exhausted"}),
    (429, "application/json", {"msg": "Throttled"}),
    (500, "text/html", b"oops"),
    (502, "application/json", {"data": {"result": 1}}),
    (302, "application/json", {"data": {"result": 1}}),
    (307, "application/json", {"data": {"result": 1}}),
    (200, "text/html", b'{"data": {"result": 1}}'),
    (200, "application/json", b"{"),
    (200, "application/json", b"1"),
    (200, "application/json", b"[1]"),
    (200, "application/json", {"data": None}),
    (200, "application/json", {"data": {"result": 4}}),
    (200, "application/json", {"data": {"result": True}}),
    (200, "application/json", {"data": {"result": [1]}}),
    (200, "application/json", {"code": "500", "msg": "balance"}),
    (200, "application/json", b" " * 200_000),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault)[:60])
def test_an_answer_that_is_none_is_an_error_in_time_and_never_a_match(market, fault, caplog):
    market.instead = fault
    begun = time.monotonic()
    with caplog.at_level(logging.DEBUG), pytest.raises(CheckError) as failed:
        check_three_elements(**PERSON)
    assert time.monotonic() - begun < 3
    assert len(market.requests) == 1
    said = str(failed.value) + "".join(record.getMessage() for record in caplog.records)
    assert "identity check THREE_ELEMENTS failed" in said
    assert not any(value in said for value in (*PERSON.values(), service.KEY_SECRET))


def test_nobody_listens(market, settings):
    settings.THREE_ELEMENTS_URL = "http://127.0.0.1:1/x"
    with pytest.raises(CheckError, match="ConnectionError"):
        check_three_elements(**PERSON)


def test_answers_are_kept_nowhere(market):
    assert check_three_elements(**PERSON) == Answer.MATCHES
    market.people.clear()
    assert check_three_elements(**PERSON) == Answer.UNKNOWN


def test_a_restored_copy_asks_nobody(market):
    OutboxHold.objects.create(reason="restored")
    with pytest.raises(CheckError, match="restored"):
        check_three_elements(**PERSON)
    assert market.requests == []


def test_without_a_service_nobody_can_say(settings):
    settings.THREE_ELEMENTS_BACKEND = settings.REAL_NAME_BACKEND = NULL
    assert (check_three_elements(**PERSON), check_real_name(**PERSON)) == ("unknown", "unknown")


# The demo's operator.


def issue(**changes):
    person = {**DEMO_PERSON, **changes}
    demo_cards_issue([(person["phone"], person["name"], person["identity_number"])])


def test_the_demo_answers_from_the_cards_that_were_issued():
    issue()
    assert check_three_elements(**DEMO_PERSON) == Answer.MATCHES
    assert check_three_elements(**{**DEMO_PERSON, "name": "贾若玲"}) == Answer.DIFFERS


def test_a_roster_that_names_another_number_changes_no_answer():
    """The cadre's own second number is not the person's, whether the operator knows it or not."""
    issue()
    issue(name="陈雨", identity_number="999999199003070028", phone="12000000002")
    for phone in ("12000000002", "12000000003"):
        assert check_three_elements(**{**DEMO_PERSON, "phone": phone}) == Answer.DIFFERS


def test_of_whom_the_operator_has_no_record_nobody_can_say():
    assert check_three_elements(**DEMO_PERSON) == Answer.UNKNOWN
    issue()
    stranger = {"name": "陈雨", "identity_number": "999999199003070028", "phone": "12000000009"}
    assert check_three_elements(**stranger) == Answer.UNKNOWN


def sim(**options):
    out = io.StringIO()
    call_command("demo_sim", **options, stdout=out)
    return out.getvalue()


def test_a_new_card_of_the_same_person_matches():
    issue()
    sim(phone="12000000001", new="12000000077")
    for phone in ("12000000001", "12000000077"):
        assert check_three_elements(**{**DEMO_PERSON, "phone": phone}) == Answer.MATCHES


@pytest.mark.parametrize(
    ("phone", "new"),
    [("12000000009", "12000000077"), ("12000000001", "13812345678"), ("12000000001", "12000000002"), ("x", "y")],
)
def test_a_card_is_refused(phone, new):
    issue()
    issue(name="陈雨", identity_number="999999199003070028", phone="12000000002")
    before = demo_cards()
    with pytest.raises(CommandError):
        sim(phone=phone, new=new)
    assert demo_cards() == before


def test_outside_demo_and_tests_there_are_no_cards(settings):
    issue()
    settings.ALLOW_DEMO_PEOPLE = False
    before = demo_cards()
    with pytest.raises(CommandError, match="demo and test settings only"):
        sim(phone="12000000001", new="12000000077")
    with pytest.raises(CheckError):
        issue(phone="12000000078")
    assert demo_cards() == before


@pytest.mark.parametrize("name", real_names.SERVICES)
def test_production_does_not_start_with_the_demos_answers(settings, name):
    settings.THREE_ELEMENTS_BACKEND = settings.REAL_NAME_BACKEND = NULL
    setattr(settings, f"{name}_BACKEND", DEMO)
    refuse_demo_checks()
    settings.ALLOW_DEMO_PEOPLE = False
    with pytest.raises(ImproperlyConfigured, match=f"{name}_BACKEND answers for demo people"):
        refuse_demo_checks()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ["members.W001"]),
        ({"THREE_ELEMENTS_BACKEND": HTTP}, ["members.E001", "members.E001"]),
        ({"REAL_NAME_BACKEND": HTTP, "REAL_NAME_URL": "http://x.org", "REAL_NAME_KEY_SECRET": "s"}, ["members.E002"]),
        ({"REAL_NAME_BACKEND": HTTP, "REAL_NAME_URL": "https://x.org", "REAL_NAME_KEY_SECRET": "s"}, []),
    ],
)
def test_the_deploy_check_says_what_is_missing(settings, changes, found):
    settings.THREE_ELEMENTS_BACKEND = settings.REAL_NAME_BACKEND = NULL
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [message.id for message in identity_checks_are_set_up(None)] == found
