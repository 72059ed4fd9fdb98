"""The outbox: due messages are sent once, failures are retried, repeated refusals are given up."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone, translation

from portal.core.errors import DomainError
from portal.messaging.channels import ChannelError, FileSms, RefusingSms, is_demo_number
from portal.messaging.choices import Channel, MessageState
from portal.messaging.models import Message
from portal.messaging.services.messages import (
    BACK_OFF,
    deliver_due,
    message_post,
    message_read,
    messages_post,
    messages_read_all,
)
from tests.factories.members import make_member, phone_number
from tests.factories.organizations import make_organization
from tests.threads import at_once

KIND = "matchmaking.event_cancelled"
BOTH = (Channel.IN_APP, Channel.SMS)


@pytest.fixture(autouse=True)
def sms_folder(settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"


def post(to=None, channels=(Channel.SMS,), title="示例活动"):
    to = to or make_member(phone=phone_number(1))
    return message_post(kind=KIND, to=to, context={"title": title, "reason": "雨"}, channels=channels)


def make_due(message):
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_a_message_in_the_portal_is_there_at_once_and_an_sms_waits():
    in_app, sms = post(channels=BOTH)
    assert (in_app.state, in_app.delivered_at is None) == (MessageState.DELIVERED, False)
    assert (sms.state, sms.delivered_at, sms.attempts) == (MessageState.WAITING, None, 0)
    assert in_app.key != sms.key


@pytest.mark.django_db
def test_a_message_goes_with_its_transaction():
    member = make_member()
    with pytest.raises(DomainError), transaction.atomic():
        post(member)
        raise DomainError("no")
    assert not Message.objects.filter(recipient=member).exists()


@pytest.mark.django_db
def test_what_is_due_is_sent_once_in_her_language():
    member = make_member(phone=phone_number(5), language="en")
    (message,) = post(member, title="Walk by the river")

    assert deliver_due() == 1
    assert deliver_due() == 0

    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == (MessageState.DELIVERED, 1, "")
    assert message.delivered_at is not None
    (sent,) = FileSms.sent()
    assert sent["phone"] == phone_number(5)
    assert sent["text"] == "“Walk by the river” is cancelled. Please see the reason in the portal. We are sorry."
    assert sent["key"] == str(message.key)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "said"), [("", "已取消"), ("zh-hans", "已取消"), ("en", "is cancelled")])
def test_who_chose_no_language_is_written_to_in_that_of_the_portal(language, said):
    """A worker has no page whose language it could use."""
    member = make_member(phone=phone_number(5), language=language)
    context = {"title": "示例活动", "reason": ""}
    message_post(kind="matchmaking.event_cancelled", to=member, channels=("sms",), context=context)
    with translation.override(None):
        assert deliver_due() == 1
    (sent,) = FileSms.sent()
    assert said in sent["text"]


@pytest.mark.django_db
def test_a_kind_without_a_template_goes_by_no_text_message():
    with pytest.raises(LookupError):
        message_post(kind="exchange.import_done", to=make_member(), channels=BOTH)
    assert not Message.objects.exists()
    assert message_post(kind="exchange.import_done", to=make_member())


@pytest.mark.django_db
def test_a_message_of_later_waits():
    (message,) = post()
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() + timedelta(minutes=1))
    assert deliver_due() == 0
    assert FileSms.sent() == []


@pytest.mark.django_db
def test_a_refused_message_backs_off_and_is_given_up(settings):
    settings.SMS_BACKEND = "tests.messaging.backends.Refusing"
    (message,) = post()
    waits = []
    for _attempt in BACK_OFF:
        before = timezone.now()
        assert deliver_due() == 1
        assert deliver_due() == 0
        message.refresh_from_db()
        waits.append(round((message.due_at - before).total_seconds()))
        assert (message.state, message.error) == (MessageState.WAITING, "refused")
        make_due(message)
    assert waits == [30, 120, 600, 3600, 21600]

    assert deliver_due() == 1

    message.refresh_from_db()
    assert (message.state, message.attempts, message.delivered_at) == (MessageState.DEAD, len(BACK_OFF) + 1, None)
    make_due(message)
    assert deliver_due() == 0


@pytest.mark.django_db
def test_one_refused_number_holds_up_nobody(settings):
    settings.SMS_BACKEND = "tests.messaging.backends.RefusingOne"
    members = [make_member(phone=phone_number(number)) for number in (19, 20, 29, 30)]
    messages_post(kind=KIND, recipients=[(member, {"title": "x"}) for member in members], channels=(Channel.SMS,))

    assert deliver_due() == 4

    assert sorted(sent["phone"] for sent in FileSms.sent()) == [phone_number(20), phone_number(30)]
    assert Message.objects.filter(state=MessageState.WAITING, error="refused").count() == 2


@pytest.mark.django_db
def test_a_fault_nobody_foresaw_is_noted_without_the_number_and_holds_up_nobody(settings):
    settings.SMS_BACKEND = "tests.messaging.backends.Crashing"
    first, second = post()[0], post()[0]

    assert deliver_due() == 2

    for message in (first, second):
        message.refresh_from_db()
        assert (message.state, message.attempts, message.error) == (MessageState.WAITING, 1, "OSError")


@pytest.mark.django_db
def test_a_person_without_a_number_gets_no_sms():
    (message,) = post(make_member())
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.error) == (MessageState.WAITING, "no number")
    assert FileSms.sent() == []


def test_a_repeat_after_a_crash_carries_the_same_key(fresh_database, settings):
    settings.SMS_BACKEND = "tests.messaging.backends.SendsAndDies"
    (message,) = post()
    with pytest.raises(SystemExit):
        deliver_due()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.WAITING, 0)
    first = FileSms.sent()

    settings.SMS_BACKEND = "portal.messaging.channels.FileSms"
    assert deliver_due() == 1

    message.refresh_from_db()
    again = FileSms.sent()
    assert [sent["key"] for sent in first] == [sent["key"] for sent in again] == [str(message.key)]
    assert (message.state, message.attempts) == (MessageState.DELIVERED, 1)


def test_deliverers_side_by_side_send_each_message_once(fresh_database):
    unit = make_organization()
    members = [make_member(unit, phone=phone_number(number)) for number in range(40)]
    messages_post(kind=KIND, recipients=[(member, {"title": "x"}) for member in members], channels=(Channel.SMS,))

    tried = at_once(lambda _number: deliver_due(), range(4))

    assert sum(tried) == 40
    assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.DELIVERED, 1)}
    assert sorted(sent["phone"] for sent in FileSms.sent()) == [phone_number(number) for number in range(40)]


def test_a_message_another_deliverer_holds_is_passed_over(fresh_database):
    held, free = post()[0], post()[0]
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=held.pk)
        assert at_once(lambda _number: deliver_due(), [1]) == [1]
    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.state, free.state) == (MessageState.WAITING, MessageState.DELIVERED)


@pytest.mark.django_db
def test_she_reads_her_own_messages_alone():
    her, other = make_member(), make_member()
    (mine,) = post(her, channels=(Channel.IN_APP,))
    (theirs,) = post(other, channels=(Channel.IN_APP,))
    post(her, channels=(Channel.SMS,))

    assert list(Message.objects.visible_to(her)) == [mine]
    assert list(Message.objects.visible_to(AnonymousUser())) == []
    message_read(message=theirs, actor=her)
    messages_read_all(actor=her)

    theirs.refresh_from_db()
    mine.refresh_from_db()
    assert theirs.read_at is None
    assert mine.read_at is not None
    assert not Message.objects.visible_to(her).unread().exists()


@pytest.mark.parametrize(
    ("phone", "demo"), [("12000000000", True), ("12099999999", True), ("13800000000", False), ("1200000000", False)]
)
def test_demo_numbers(phone, demo):
    assert is_demo_number(phone) is demo


def test_a_provider_takes_no_demo_number():
    with pytest.raises(ChannelError, match="demo number"):
        RefusingSms().send("12000000001", "members.code_sign_in", {"code": "123456"}, "k")


@pytest.mark.django_db
def test_a_provider_that_does_not_answer_is_asked_once_a_run_and_holds_up_no_other_channel(settings):
    settings.SMS_BACKEND = "tests.messaging.backends.Silent"
    waiting = [post()[0] for _number in range(3)]
    letter = Message.objects.create(recipient=waiting[0].recipient, kind=KIND, channel=Channel.EMAIL)

    assert deliver_due() == 2

    letter.refresh_from_db()
    assert (letter.attempts, letter.error) == (1, "no address")
    rows = Message.objects.filter(channel=Channel.SMS).order_by("pk").values_list("attempts", "error")
    assert list(rows) == [(1, "TimeoutError"), (0, ""), (0, "")]

    settings.SMS_BACKEND = "portal.messaging.channels.FileSms"
    assert deliver_due() == 2
    assert {sent["key"] for sent in FileSms.sent()} == {str(message.key) for message in waiting[1:]}
