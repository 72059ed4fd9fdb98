"""The command with which an administrator tries the providers: what it asks for and what it reports."""

import io

import pytest
from django.core.management import CommandError, call_command

from portal.messaging.texts import sms_templates
from tests.members import identity_service
from tests.messaging import tencent

pytestmark = pytest.mark.django_db

PERSON = {"name": "林晓梅", "identity_number": "110105199003070029", "phone": "13812345678"}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def typed(monkeypatch):
    """The answers to what the command asks for, in order."""
    answers = []
    monkeypatch.setattr("getpass.getpass", lambda prompt="": answers.pop(0))
    return answers


def run(*options):
    """Return (whether the command succeeded, its output)."""
    out = io.StringIO()
    try:
        call_command("check_providers", *options, stdout=out)
    except CommandError as error:
        return False, out.getvalue() + str(error)
    return True, out.getvalue()


@pytest.mark.parametrize(
    ("code", "well", "words"),
    [
        ("Ok", True, "took a message"),
        ("FailedOperation.TemplateUnapprovedOrNotExist", False, "has to be set up"),
        ("InvalidParameterValue.IncorrectPhoneNumber", False, "does not send to this number"),
        ("LimitExceeded.PhoneNumberDailyLimit", False, "Try again later"),
        ("InternalError.Timeout", False, "did not answer"),
        ("FailedOperation.OtherError", False, "was not sent"),
    ],
)
def test_a_message_is_tried(settings, typed, code, well, words):
    typed.append("138 1234 5678")
    with tencent.Tencent() as server:
        server.code = code
        settings.SMS_BACKEND = "portal.messaging.tencent.TencentSms"
        settings.SMS_ENDPOINT = server.url
        settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = tencent.KEY_ID, tencent.KEY_SECRET
        settings.SMS_APP_ID, settings.SMS_SIGNATURE = tencent.APP_ID, tencent.SIGNATURE
        settings.SMS_TEMPLATES = {"members.code_sign_in": "1"}
        said = run("--sms")
    assert (said[0], words in said[1], PERSON["phone"] in said[1]) == (well, True, False)
    assert server.requests[0].json["TemplateParamSet"] == ["000000"]


def test_without_a_provider_it_says_so(settings, typed):
    settings.SMS_BACKEND = "portal.messaging.channels.RefusingSms"
    typed.append(PERSON["phone"])
    well, said = run("--sms")
    assert (well, "has to be set up" in said, "no provider is set up" in said) == (False, True, True)


@pytest.mark.parametrize(
    ("changes", "instead", "well", "words"),
    [
        ({}, None, True, "The three belong together."),
        ({"name": "林晓美"}, None, True, "The three do not belong together."),
        ({"phone": "13900000000"}, None, True, "has no record"),
        ({}, (403, "application/json", {}), False, "gave no answer. Reason: status 403."),
    ],
)
@pytest.mark.parametrize(("option", "service"), [("--three-elements", "THREE_ELEMENTS"), ("--real-name", "REAL_NAME")])
def test_a_check_is_tried(settings, typed, option, service, changes, instead, well, words):
    typed.extend({**PERSON, **changes}.values())
    with identity_service.IdentityService([tuple(PERSON.values())]) as server:
        server.instead = instead
        setattr(settings, f"{service}_BACKEND", "portal.members.real_names.HttpCheck")
        setattr(settings, f"{service}_URL", server.url + identity_service.PATH)
        setattr(settings, f"{service}_KEY_ID", identity_service.KEY_ID)
        setattr(settings, f"{service}_KEY_SECRET", identity_service.KEY_SECRET)
        said = run(option)
    assert (said[0], words in said[1]) == (well, True)
    assert not any(value in said[1] for value in PERSON.values())


def test_a_check_that_is_not_set_up_names_its_settings(settings):
    settings.REAL_NAME_BACKEND = "portal.members.real_names.NullCheck"
    assert "set PORTAL_REAL_NAME_BACKEND" in run("--real-name")[1]
    settings.REAL_NAME_BACKEND = "portal.members.real_names.HttpCheck"
    settings.REAL_NAME_URL = settings.REAL_NAME_KEY_SECRET = ""
    assert "set PORTAL_REAL_NAME_URL, PORTAL_REAL_NAME_KEY_SECRET" in run("--real-name")[1]


def test_the_texts_to_hand_in_are_printed_with_numbered_places(settings):
    settings.SMS_TEMPLATES = {"members.code_sign_in": "77"}
    well, said = run("--templates")
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in said.splitlines()}
    forms = [key for template in sms_templates().values() for key, _text, _parameters in template.versions()]
    assert (well, list(rows)) == (True, forms)
    assert rows["members.code_sign_in"] == ["77", "登录验证码{1}，5分钟内有效，请勿告知任何人。", "code 6"]


def test_nothing_is_tried_unless_it_is_said():
    assert run()[0] is False
