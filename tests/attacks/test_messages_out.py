"""Text messages and requests to a provider disclose nothing.

Nor can they be made to say something in the union's name.
"""

import itertools
import json
import logging
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from matchmaking.services.events import event_cancel
from portal.core.errors import DomainError, TooMany
from portal.members.models import Invitation, Member
from portal.members.real_names import Answer, CheckError, check_three_elements
from portal.members.services.invitations import invitation_by_code, invitation_code, invitation_link, invitation_send
from portal.members.services.people import phone_index_of
from portal.messaging.channels import ChannelError, FileSms, sms_backend
from portal.messaging.models import Message
from portal.messaging.services.messages import deliver_due, message_post
from portal.messaging.texts import LIMITS, Shape, name_for_sms, sms_templates
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.members import make_duty, make_entry, make_member, make_staff
from tests.factories.organizations import make_organization
from tests.members import identity_service
from tests.messaging import tencent

pytestmark = pytest.mark.django_db

PHONE, CODE = "13812345678", "482913"
FORMS = [form for template in sms_templates().values() for form in template.versions()]


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


@pytest.fixture
def provider(settings, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with tencent.Tencent() as server:
        settings.SMS_BACKEND = "portal.messaging.tencent.TencentSms"
        settings.SMS_ENDPOINT = server.url
        settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = tencent.KEY_ID, tencent.KEY_SECRET
        settings.SMS_APP_ID, settings.SMS_SIGNATURE = tencent.APP_ID, tencent.SIGNATURE
        settings.SMS_TEMPLATES = {key: str(number) for number, (key, _text, _parameters) in enumerate(FORMS, 1)}
        settings.SMS_TIMEOUT_SECONDS = 1.5
        settings.SMS_LINKS = False
        yield server


# Names that a person typed: titles of events, names of units.

HOSTILE = [
    "春游 http://evil.example/a",
    "春游 https://evil.example",
    "春游www.evil.example",
    "春游evil.example",
    "春游 evil。com 领奖",
    "春游ｅｖｉｌ．ｃｏｍ",
    "春游 e\u200bvil.com",
    "登录 10.0.0.1 查看",
    "加微信 abc@evil.com",
    "详询13900001111",
    "详询 139 0000 1111",
    "详询１３９００００１１１１",
    "详询139-0000-1111",
    "详询1.3.9.0.0.0.0.1.1.1.1",
    "QQ群 123456",
    "您的验证码482913",
    "验证码４８２９１３",
    "${code}",
    "{1}",
    "{code}",
    "%(code)s",
    "100%s",
    "【某某银行】春游",
    "[银行]春游",
    "<b>春游</b>",
    "\u202e春游moc.live\u202c {",
]
# Text that no outgoing message may contain.
SIGNS = re.compile(r"https?:|www|evil|[{}$%【】\[\]<>@\u200b\u202e]|139|１３|123456|482913|４８|10\.0", re.IGNORECASE)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_carries_no_link_number_code_or_place_to_fill(provider, title):
    event = make_event(title=title)
    participation = make_participation(event)
    Member.objects.filter(pk=participation.member_id).update(phone=None)
    member = Member.objects.get(pk=participation.member_id)
    member.phone, member.phone_index = PHONE, phone_index_of(PHONE)
    member.save(update_fields=["phone", "phone_index"])

    event_cancel(event=event, actor=event.created_by, reason="改期，详见 http://evil.example 或致电13900001111")
    deliver_due()

    (asked,) = provider.requests
    assert asked.json["TemplateParamSet"] == ["活动"]


@pytest.mark.parametrize("title", HOSTILE)
def test_nor_does_the_text_that_the_demo_shows(title):
    (message,) = message_post(
        kind="members.vouched",
        to=make_member(phone="12000000001"),
        channels=("sms",),
        context={"organization": title, "reason": title},
    )
    deliver_due()
    (sent,) = FileSms.sent()
    assert not SIGNS.search(sent["text"])
    assert message.kind == "members.vouched"


@pytest.mark.parametrize(
    ("title", "sent"),
    [
        ("缘聚冰城·2026春季联谊", "缘聚冰城·2026春季联谊"),
        ("2026-11-28 读书会", "2026-11-28 读书会"),
        ("“我们”读书会（第3期）", "“我们”读书会(第3期)"),
        ("Reading in the park", "Reading in the park"),
        ("哈尔滨第一工具制造有限公司工会女职工委员会", "哈尔滨第一工具制造有限公司工会女职工委…"),
        ("★春游★", "春游"),
        ("国" * 500, "国" * 19 + "…"),
        ("", ""),
        ("   ", ""),
        ("★", ""),
    ],
)
def test_an_honest_title_arrives(title, sent):
    assert name_for_sms(title) == sent
    assert len(sent) <= LIMITS[Shape.NAME]


# Parameters of every shape.

WORST = {
    Shape.CODE: ["1234567", "12", "12 34", "${x}", "http:/", "１２３４５６", "12345\n", ""],
    Shape.DAY: ["", "soon", "http://evil.example", "2026-13-01"],
    Shape.CLOCK: ["", "soon", "2026-11-28"],
    Shape.COUNT: ["", "many", "1 http://evil.example"],
    Shape.LINK: ["http://evil.example/", "javascript:alert(1)", "", "x" * 300],
}


@pytest.mark.parametrize(("shape", "value"), [(shape, value) for shape, values in WORST.items() for value in values])
def test_a_parameter_of_another_shape_is_sent_nowhere(provider, settings, shape, value):
    settings.SMS_LINKS = shape == Shape.LINK
    template, parameters = next(
        (template, template.version()[2])
        for template in sms_templates().values()
        if any(parameter.shape == shape for parameter in template.version()[2])
    )
    good = {Shape.CODE: CODE, Shape.NAME: "春游", Shape.COUNT: 3, Shape.LINK: settings.SITE_URL + "/x"}
    context = {p.source or p.name: good.get(p.shape, "2026-11-28T10:00:00+08:00") for p in parameters}
    context |= {p.source or p.name: value for p in parameters if p.shape == shape}
    with pytest.raises(ChannelError) as refusal:
        sms_backend().send(PHONE, template.key, context, "k")
    assert provider.requests == []
    assert not value or value not in str(refusal.value)


def test_nothing_beside_the_declared_parameters_goes_out(provider):
    """Only the declared parameters are sent out.

    A context may hold more than the message needs: ids, reasons, words that a person typed.
    """
    context = {"title": "春游", "reason": "隐私内容", "name": "林晓梅", "at": timezone.now().isoformat()}
    for key in ("matchmaking.event_cancelled", "matchmaking.event_tomorrow"):
        sms_backend().send(PHONE, key, context, "k")
    sent = b"".join(asked.body for asked in provider.requests).decode()
    said = "".join(json.dumps(json.loads(asked.body), ensure_ascii=False) for asked in provider.requests)
    assert not any(word in text for word in ("隐私内容", "林晓梅") for text in (sent, said))
    assert {len(asked.json) for asked in provider.requests} == {6}


# What is stored or logged on the way.


@pytest.mark.parametrize(
    "answer",
    [
        None,
        (500, "text/html", f"no route for {PHONE} with {CODE}".encode()),
        tencent.failed("FailedOperation.PhoneNumberInBlacklist", f"about {PHONE} and {CODE}"),
        tencent.failed(f"Refused.{PHONE}", "..."),
        tencent.failed(PHONE, "..."),
        (200, "application/json", f'{{"Response": "{PHONE} {CODE}"'.encode()),
        "cut",
    ],
    ids=str,
)
def test_numbers_and_codes_stand_in_no_log_and_no_exception(provider, caplog, answer):
    provider.instead = answer
    said = ""
    with caplog.at_level(logging.DEBUG):
        try:
            sms_backend().send(PHONE, "members.code_sign_in", {"code": CODE}, "k")
        except ChannelError as error:
            said = f"{error!r} {error.__cause__!r} {error.__suppress_context__}"
    said += "".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    assert provider.requests
    assert not any(value in said for value in (PHONE, CODE, tencent.KEY_SECRET))


def test_the_error_of_a_message_names_neither_number_nor_words(provider):
    (message,) = message_post(
        kind="members.vouched", to=make_member(phone=PHONE), channels=("sms",), context={"organization": "市纺织厂"}
    )
    provider.code = f"Refused {PHONE}"
    deliver_due()
    message.refresh_from_db()
    assert message.error == "unknown"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_takes_numbers_nowhere_else(provider, status):
    provider.instead = (status, "application/json", {})
    with pytest.raises(ChannelError):
        sms_backend().send(PHONE, "members.code_sign_in", {"code": CODE}, "k")
    assert [asked.path for asked in provider.requests] == ["/"]


def test_an_identity_check_follows_no_redirection_and_says_nothing(settings, monkeypatch, caplog):
    monkeypatch.setenv("NO_PROXY", "*")
    person = {"name": "林晓梅", "identity_number": "110105199003070029", "phone": PHONE}
    with identity_service.IdentityService([tuple(person.values())]) as server, caplog.at_level(logging.DEBUG):
        settings.THREE_ELEMENTS_BACKEND = "portal.members.real_names.HttpCheck"
        settings.THREE_ELEMENTS_URL = server.url + identity_service.PATH
        settings.THREE_ELEMENTS_KEY_ID = identity_service.KEY_ID
        settings.THREE_ELEMENTS_KEY_SECRET = identity_service.KEY_SECRET
        assert check_three_elements(**person) == Answer.MATCHES
        server.instead = (307, "application/json", {"data": {"result": 1}})
        with pytest.raises(CheckError) as failed:
            check_three_elements(**person)
        assert len(server.requests) == 2
    said = str(failed.value) + "".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    assert not any(value in said for value in (*person.values(), identity_service.KEY_SECRET))


# Links, and the code that replaces them.


def make_invited(phone=PHONE):
    city = make_organization()
    chair, entry = make_staff(city), make_entry(city, phone=phone)
    make_duty(entry, city)
    invitation_send(actor=chair, member=entry)
    return chair, entry, Invitation.objects.get(member=entry, used_at=None)


def test_without_leave_of_the_provider_no_message_has_a_link(provider, settings):
    _chair, entry, row = make_invited()
    deliver_due()
    asked = next(one for one in provider.requests if one.json["PhoneNumberSet"] == [f"+86{entry.phone}"])
    assert asked.json["TemplateParamSet"] == [invitation_code(row.pk)]
    assert settings.SITE_URL not in asked.body.decode()
    assert not any(template.version()[0].endswith(".link") for template in sms_templates().values())
    with translation.override("zh-hans"):
        texts = [str(template.version()[1]) for template in sms_templates().values()]
    assert [text for text in texts if "http" in text or "%(link)s" in text] == []


def test_with_leave_the_link_is_the_portals_own(provider, settings):
    settings.SMS_LINKS = True
    _chair, _entry, row = make_invited()
    deliver_due()
    assert [invitation_link(row.pk)] in [asked.json["TemplateParamSet"] for asked in provider.requests]


def test_a_spent_invitation_is_not_sent_any_more(provider):
    chair, entry, row = make_invited()
    second = invitation_send(actor=chair, member=entry)
    deliver_due()
    sent = [asked.json["TemplateParamSet"] for asked in provider.requests]
    assert [invitation_code(second.pk)] in sent
    assert (invitation_code(row.pk), Message.objects.get(about_id=row.pk, kind="members.invitation").error) == (
        "",
        "the invitation is no longer open",
    )


def test_the_code_opens_what_the_link_opens(client):
    _chair, _entry, row = make_invited()
    page = reverse("members:sign-in-invitation-code")
    assert client.get(page).status_code == 200
    typed = invitation_code(row.pk).lower()
    answer = client.post(page, {"phone": PHONE, "code": f" {typed} "})
    assert answer.status_code == 302
    assert answer["Location"] in invitation_link(row.pk)
    assert answer["Location"].startswith("/sign-in/invitation/")
    assert client.get(answer["Location"], follow=True).status_code == 200


@pytest.mark.parametrize(("phone", "code"), [(PHONE, "AAAAAA"), ("13900001111", None), (PHONE, ""), (PHONE, "\x00")])
def test_a_wrong_code_and_an_unknown_number_are_answered_alike(client, phone, code):
    _chair, _entry, row = make_invited()
    words = {"phone": phone, "code": invitation_code(row.pk) if code is None else code}
    answer = client.post(reverse("members:sign-in-invitation-code"), words)
    assert answer.status_code == 422
    with pytest.raises(DomainError) as refusal:
        invitation_by_code(phone=phone, code=words["code"], address="192.0.2.9")
    assert refusal.value.code == "wrong-code"


def tries(phone, codes, address="192.0.2.{}"):
    """Return how many codes were compared before the limit was reached."""
    for number, code in enumerate(codes):
        try:
            invitation_by_code(phone=phone, code=code, address=address.format(number))
        except TooMany:
            return number
        except DomainError:
            continue
    return None


def guesses():
    return (f"{number:06d}" for number in itertools.count())


def test_guesses_are_counted_by_person_whatever_address_invitation_or_number():
    chair, entry, row = make_invited()
    assert tries(PHONE, guesses()) == 100
    assert tries(PHONE, [invitation_code(row.pk)]) == 0
    again = invitation_send(actor=chair, member=entry)
    assert tries(PHONE, [invitation_code(again.pk)]) == 0
    entry.phone, entry.phone_index = "13900002222", phone_index_of("13900002222")
    entry.save(update_fields=["phone", "phone_index"])
    moved = invitation_send(actor=chair, member=entry)
    assert tries("13900002222", [invitation_code(moved.pk)]) == 0


def test_whether_somebody_was_invited_is_not_found_out_by_the_count():
    make_invited()
    assert tries(PHONE, guesses()) == tries("13900001111", guesses(), "198.51.100.{}") == 100


def test_an_invitation_does_not_open_by_its_code_once_the_number_has_changed():
    _chair, entry, row = make_invited()
    code = invitation_code(row.pk)
    entry.phone, entry.phone_index = "13900002222", phone_index_of("13900002222")
    entry.save(update_fields=["phone", "phone_index"])
    for phone in (PHONE, "13900002222"):
        with pytest.raises(DomainError):
            invitation_by_code(phone=phone, code=code, address="192.0.2.1")


def test_codes_of_two_invitations_differ():
    chair, entry, row = make_invited()
    first = invitation_code(row.pk)
    second = invitation_code(invitation_send(actor=chair, member=entry).pk)
    assert first != second
    assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{6}", code) for code in (first, second))
