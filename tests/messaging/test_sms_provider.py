"""Text messages by the provider: what is sent, how it is signed, and the meaning of each answer."""

import time
import uuid
from datetime import timedelta

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone, translation

from portal.core.errors import DomainError
from portal.members.choices import CodePurpose
from portal.members.models import SignInCode
from portal.members.services.sign_in import code_send
from portal.messaging.channels import (
    ChannelDown,
    ChannelError,
    ChannelLimit,
    ChannelNotSetUp,
    ChannelRefused,
    not_sent,
    sms_backend,
)
from portal.messaging.checks import refuse_demo_backend, sms_provider_is_set_up
from portal.messaging.choices import MessageState
from portal.messaging.models import Message
from portal.messaging.services.messages import deliver_due, message_post
from portal.messaging.tencent import KINDS, TencentSms, kind_of
from portal.messaging.texts import sms_templates
from tests.factories.members import make_member
from tests.messaging import tencent

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
FORMS = [form for template in sms_templates().values() for form in template.versions()]
CODES = {key: str(number) for number, (key, _text, _parameters) in enumerate(FORMS, 1000001)}


@pytest.fixture
def provider(settings, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with tencent.Tencent() as server:
        settings.SMS_BACKEND = "portal.messaging.tencent.TencentSms"
        settings.SMS_ENDPOINT = server.url
        settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = tencent.KEY_ID, tencent.KEY_SECRET
        settings.SMS_APP_ID, settings.SMS_SIGNATURE = tencent.APP_ID, tencent.SIGNATURE
        settings.SMS_TEMPLATES = dict(CODES)
        settings.SMS_TIMEOUT_SECONDS = 1.5
        settings.SMS_LINKS = False
        yield server


def send(key="k-1", code="123456"):
    sms_backend().send(PHONE, "members.code_sign_in", {"code": code}, key)


def test_a_code_goes_out_signed_with_its_template_parameters_and_key(provider):
    key = uuid.uuid4()
    send(key)

    (asked,) = provider.requests
    assert tencent.is_signed(asked)
    assert asked.json == {
        "PhoneNumberSet": [f"+86{PHONE}"],
        "SmsSdkAppId": tencent.APP_ID,
        "SignName": tencent.SIGNATURE,
        "TemplateId": CODES["members.code_sign_in"],
        "TemplateParamSet": ["123456"],
        "SessionContext": str(key),
    }
    assert asked.path == "/"


def test_a_wrong_key_is_refused_by_the_server_and_named(provider, settings):
    settings.SMS_KEY_SECRET = "another"
    with pytest.raises(ChannelNotSetUp, match=r"AuthFailure.SignatureFailure"):
        send()


def test_parameters_are_chinese_whatever_language_the_person_reads(provider):
    with translation.override("en"):
        sms_backend().send(
            PHONE,
            "matchmaking.event_changed",
            {"title": "Reading in the park", "at": "2026-12-31T14:05:00+08:00"},
            "k",
        )
    assert provider.requests[0].json["TemplateParamSet"] == ["Reading in the park", "12月31日", "14:05"]


def test_a_template_may_leave_parameters_out(provider, settings):
    """A provider may allow only short variables: its text then names the day and not the event."""
    settings.SMS_TEMPLATES["matchmaking.event_changed"] = {"code": "77", "parameters": ["day", "time"]}
    sms_backend().send(PHONE, "matchmaking.event_changed", {"title": "游园", "at": "2026-12-31T14:05:00+08:00"}, "k")
    sent = provider.requests[0].json
    assert (sent["TemplateId"], sent["TemplateParamSet"]) == ("77", ["12月31日", "14:05"])


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidParameterValue.IncorrectPhoneNumber", ChannelRefused),
        ("FailedOperation.PhoneNumberInBlacklist", ChannelRefused),
        ("UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone", ChannelRefused),
        ("LimitExceeded.PhoneNumberDailyLimit", ChannelLimit),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", ChannelLimit),
        ("LimitExceeded.DeliveryFrequencyLimit", ChannelLimit),
        ("LimitExceeded.AppMainlandChinaDailyLimit", ChannelDown),
        ("InternalError.Timeout", ChannelDown),
        ("FailedOperation.InsufficientBalanceInSmsPackage", ChannelNotSetUp),
        ("FailedOperation.SignatureIncorrectOrUnapproved", ChannelNotSetUp),
        ("FailedOperation.TemplateIncorrectOrUnapproved", ChannelNotSetUp),
        ("FailedOperation.TemplateParamSetNotMatchApprovedTemplate", ChannelNotSetUp),
        ("InvalidParameterValue.TemplateParameterLengthLimit", ChannelNotSetUp),
        ("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", ChannelNotSetUp),
        ("UnauthorizedOperation.ServiceSuspendDueToArrears", ChannelNotSetUp),
        ("FailedOperation.ContainSensitiveWord", ChannelError),
        ("SomethingNew.NobodyKnows", ChannelError),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_each_code_of_the_provider_has_its_kind(provider, code, kind, whole):
    """The status of the one message, or of the whole request."""
    if whole:
        provider.instead = tencent.failed(code, f"about {PHONE}")
    else:
        provider.code = code
    with pytest.raises(ChannelError) as refusal:
        send()
    assert (type(refusal.value), str(refusal.value)) == (kind, code)


def test_throttling_of_the_whole_account_stops_the_run(provider):
    provider.instead = tencent.failed("RequestLimitExceeded.UinLimitExceeded")
    with pytest.raises(ChannelDown):
        send()


def test_no_listed_start_hides_behind_a_shorter_one():
    assert {start: kind_of(start) for start in KINDS} == KINDS


@pytest.mark.parametrize(
    "answer",
    [
        "hang",
        "cut",
        (500, "text/html", b"<h1>oops 13812345678</h1>"),
        (503, "application/json", {"Response": {"RequestId": "r"}}),
        (429, "text/plain", b"slow down"),
        (200, "text/html", b"<h1>sign in to this network</h1>"),
        (200, "application/json", b"{not json"),
        (200, "application/json", b"[]"),
        (200, "application/json", {}),
        (200, "application/json", {"Response": {}}),
        (200, "application/json", {"Response": {"SendStatusSet": [], "RequestId": "r"}}),
        (200, "application/json", {"Response": {"SendStatusSet": ["Ok"], "RequestId": "r"}}),
        (200, "application/json", {"Response": {"SendStatusSet": [{}], "RequestId": "r"}}),
        (200, "application/json", {"Response": {"SendStatusSet": [{"Code": 5}], "RequestId": "r"}}),
        (200, "application/json", {"Response": {"SendStatusSet": {"Code": "Ok"}, "RequestId": "r"}}),
    ],
    ids=str,
)
def test_an_answer_that_is_none_is_tried_again_within_the_time(provider, answer):
    provider.instead = answer
    begun = time.monotonic()
    with pytest.raises(ChannelError) as refusal:
        send()
    assert time.monotonic() - begun < 4
    assert type(refusal.value) is ChannelDown
    assert PHONE not in str(refusal.value)


def test_nobody_listens(provider, settings):
    settings.SMS_ENDPOINT = "http://127.0.0.1:1"
    with pytest.raises(ChannelDown, match="ClientNetworkError"):
        send()


def test_a_code_with_words_in_it_does_not_get_into_the_reason(provider):
    provider.code = f"Refused {PHONE} 123456"
    with pytest.raises(ChannelError) as refusal:
        send()
    assert str(refusal.value) == "unknown"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("FailedOperation.PhoneNumberInBlacklist", "无法向该号码发送短信"),
        ("LimitExceeded.PhoneNumberOneHourLimit", "该号码接收短信过于频繁"),
        ("AuthFailure.SecretIdNotFound", "本平台尚未开通短信服务"),
        ("InternalError.OtherError", "短信暂时无法发送"),
    ],
)
def test_who_waits_for_a_code_is_told_why_it_does_not_come(provider, kind, words):
    provider.code = kind
    with translation.override("zh-hans"), pytest.raises(DomainError) as refusal:
        code_send(phone=PHONE, purpose=CodePurpose.SIGN_IN, address="192.0.2.1")
    with translation.override("zh-hans"):
        assert words in str(refusal.value.message)
    assert not SignInCode.objects.exists()


def test_without_a_provider_the_portal_says_so_and_not_to_try_again(settings):
    settings.SMS_BACKEND = "portal.messaging.channels.RefusingSms"
    with translation.override("en"), pytest.raises(DomainError, match="no provider is set up"):
        code_send(phone=PHONE, purpose=CodePurpose.SIGN_IN, address="192.0.2.1")
    with translation.override("zh-hans"):
        assert "一分钟" in str(not_sent(ChannelError("x")))


def post(**fields):
    member = make_member(phone=PHONE)
    return message_post(
        kind="members.vouched", to=member, channels=("sms",), context={"organization": "市纺织厂"}, **fields
    )[0]


def test_the_outbox_sends_by_the_provider_once_with_the_key_of_the_message(provider):
    message = post()
    assert (deliver_due(), deliver_due()) == (1, 0)
    message.refresh_from_db()
    assert (message.state, message.error) == (MessageState.DELIVERED, "")
    (asked,) = provider.requests
    assert (asked.json["SessionContext"], asked.json["TemplateParamSet"]) == (str(message.key), ["市纺织厂"])


def test_a_number_that_is_refused_for_good_is_not_asked_again(provider):
    message = post()
    provider.code = "InvalidParameterValue.IncorrectPhoneNumber"
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.DEAD, 1)


@pytest.mark.parametrize(
    "code", ["LimitExceeded.PhoneNumberDailyLimit", "FailedOperation.TemplateUnapprovedOrNotExist"]
)
def test_what_may_come_right_is_tried_again_with_the_same_key(provider, code):
    message = post()
    provider.code = code
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == (MessageState.WAITING, 1, code)
    provider.code = "Ok"
    Message.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 1
    assert {asked.json["SessionContext"] for asked in provider.requests} == {str(message.key)}


def test_a_demo_number_goes_to_no_provider(provider):
    with pytest.raises(ChannelRefused, match="demo number"):
        sms_backend().send("12000000001", "members.code_sign_in", {"code": "123456"}, "k")
    assert provider.requests == []


def test_a_template_without_a_code_is_not_set_up(provider, settings):
    del settings.SMS_TEMPLATES["members.code_sign_in"]
    with pytest.raises(ChannelNotSetUp, match=r"members.code_sign_in"):
        send()
    assert provider.requests == []


def ids(found):
    return sorted(message.id for message in found)


def test_the_deploy_check_is_silent_when_all_is_set(provider, settings):
    settings.SMS_ENDPOINT = "https://sms.example.org"
    assert sms_provider_is_set_up(None) == []


def test_the_deploy_check_names_every_kind_without_a_code(provider, settings):
    settings.SMS_ENDPOINT = "https://sms.example.org"
    settings.SMS_TEMPLATES = {}
    found = sms_provider_is_set_up(None)
    named = [key for key in sms_templates() if any(key in message.msg for message in found)]
    assert (set(ids(found)), named) == ({"messaging.E003"}, list(sms_templates()))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"SMS_BACKEND": "portal.messaging.channels.RefusingSms"}, ["messaging.W001"]),
        ({"SMS_KEY_ID": "", "SMS_APP_ID": " "}, ["messaging.E001", "messaging.E001"]),
        ({"SMS_ENDPOINT": "http://sms.example.org"}, ["messaging.E002"]),
        ({"SMS_SIGNATURE": "某某省总工会女职工委员会办公室"}, ["messaging.W002"]),
        (
            {"SMS_TEMPLATES": CODES | {"members.code_sign_in": {"code": "1", "parameters": ["name"]}}},
            ["messaging.E004"],
        ),
        ({"SMS_TEMPLATES": CODES | {"members.nothing": "1"}}, ["messaging.W003"]),
        (
            {"SMS_LINKS": True, "SMS_TEMPLATES": {k: v for k, v in CODES.items() if k[-5:] != ".link"}},
            ["messaging.E003"],
        ),
    ],
)
def test_the_deploy_check_names_what_is_missing(provider, settings, changes, found):
    settings.SMS_ENDPOINT = "https://sms.example.org"
    for name, value in changes.items():
        setattr(settings, name, value)
    assert ids(sms_provider_is_set_up(None)) == found
    assert set(found) <= set(ids(checks.run_checks(tags=["security"], include_deployment_checks=True)))


def test_files_are_refused_in_production(settings):
    settings.SMS_BACKEND = "portal.messaging.channels.FileSms"
    refuse_demo_backend()
    settings.ALLOW_DEMO_PEOPLE = False
    with pytest.raises(ImproperlyConfigured, match="for demo and tests only"):
        refuse_demo_backend()


def test_missing_settings_are_named_without_their_values(provider, settings):
    settings.SMS_KEY_ID = settings.SMS_SIGNATURE = ""
    assert TencentSms.missing() == ["SMS_KEY_ID", "SMS_SIGNATURE"]
    with pytest.raises(ChannelNotSetUp) as refusal:
        send()
    assert tencent.KEY_SECRET not in str(refusal.value)
    assert provider.requests == []
