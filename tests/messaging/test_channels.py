"""Channels as people choose them: quiet hours, confirmed e-mail addresses only, resent dead letters."""

import smtplib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError, TooMany
from portal.core.roles import Role
from portal.messaging import channels
from portal.messaging.choices import Channel, MessageState, quiet_until
from portal.messaging.models import ChannelChoice, Mailbox, Message
from portal.messaging.services.choosing import channels_choose, mailbox_confirm, mailbox_set
from portal.messaging.services.messages import deliver_due, message_post, messages_retry
from tests.factories.members import make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province

pytestmark = pytest.mark.django_db
KIND = "matchmaking.event_cancelled"
BOTH = (Channel.IN_APP, Channel.SMS)


def post(to, **fields):
    return message_post(kind=KIND, to=to, context={"title": "示例活动", "reason": "雨"}, **fields)


def at(hour, minute=0):
    return datetime(2026, 11, 3, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(20, 59), None),
        (at(21), at(8) + timedelta(days=1)),
        (at(23, 59), at(8) + timedelta(days=1)),
        (at(0), at(8)),
        (at(7, 59), at(8)),
        (at(8), None),
    ],
)
def test_quiet_hours(settings, now, until):
    settings.QUIET_HOURS = (21, 8)
    assert quiet_until(now) == until


def always_quiet(settings):
    hour = timezone.localtime().hour
    settings.QUIET_HOURS = (hour, (hour + 2) % 24) if hour < 22 else (hour, hour - 12)


def test_a_text_message_waits_for_the_morning_unless_it_is_urgent(settings, tmp_path):
    settings.SMS_DIR = tmp_path
    always_quiet(settings)
    member = make_member(phone=phone_number(1))
    in_app, waits = post(member, channels=BOTH)
    (urgent,) = post(member, channels=(Channel.SMS,), urgent=True)
    assert (in_app.due_at <= timezone.now(), waits.due_at > timezone.now()) == (True, True)
    # A backlog of due messages is not sent at night either.
    Message.objects.filter(pk=waits.pk).update(due_at=timezone.now() - timedelta(hours=1))
    assert deliver_due() == 1
    assert Message.objects.get(pk=urgent.pk).state == MessageState.DELIVERED
    assert Message.objects.get(pk=waits.pk).state == MessageState.WAITING
    settings.QUIET_HOURS = None
    assert deliver_due() == 1


def test_her_choice_holds_back_text_messages_of_that_room_alone():
    member, other = make_member(), make_member()
    channels_choose(actor=member, wanted={("matchmaking", Channel.SMS): False})
    assert [row.channel for row in post(member, channels=BOTH)] == [Channel.IN_APP]
    assert [row.channel for row in post(other, channels=BOTH)] == list(BOTH)
    rows = message_post(kind="members.vouched", to=member, channels=BOTH)
    assert [row.channel for row in rows] == list(BOTH)


def letter_path():
    return mail.outbox[-1].body.split(settings.SITE_URL)[1].split()[0]


def confirmed_box(member, address="ann@example.org"):
    mailbox_set(actor=member, address=address)
    return mailbox_confirm(actor=member, token=letter_path().strip("/").split("/")[-1])


def test_a_copy_goes_to_a_confirmed_address():
    member = make_member()
    channels_choose(actor=member, wanted={("matchmaking", Channel.EMAIL): True})
    mailbox_set(actor=member, address="ann@example.org")
    assert [row.channel for row in post(member)] == [Channel.IN_APP]
    confirmed_box(member)
    rows = post(member, url="/exchange/")
    assert [row.channel for row in rows] == [Channel.IN_APP, Channel.EMAIL]
    mail.outbox.clear()
    assert deliver_due() == 1
    (letter,) = mail.outbox
    assert letter.to == ["ann@example.org"]
    assert f"{settings.SITE_URL}/exchange/" in letter.body
    assert str(rows[1].key) in letter.extra_headers["Message-ID"]
    assert b"ann@" not in bytes(Mailbox.objects.values_list("address", flat=True)[0].data)


def test_a_link_confirms_her_own_address_alone(client):
    member, other = make_member(), make_member()
    mailbox_set(actor=member, address="ann@example.org")
    path = letter_path()
    sign_in(client, other)
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    sign_in(client, member)
    assert client.get(path).status_code == 200
    assert Mailbox.objects.get().confirmed_at is None
    assert client.post(path).status_code == 302
    assert Mailbox.objects.get().confirmed_at is not None


def test_an_older_letter_confirms_nothing(client):
    member = make_member()
    mailbox_set(actor=member, address="ann@example.org")
    old = letter_path()
    mailbox_set(actor=member, address="bea@example.org")
    sign_in(client, member)
    assert client.post(old).status_code == 404
    assert Mailbox.objects.get().confirmed_at is None


def test_letters_are_limited():
    member = make_member()
    for _number in range(5):
        mailbox_set(actor=member, address="ann@example.org")
    with pytest.raises(TooMany):
        mailbox_set(actor=member, address="ann@example.org")
    assert len(mail.outbox) == 5


def test_a_forgotten_address_gets_nothing(client):
    member = make_member()
    channels_choose(actor=member, wanted={("matchmaking", Channel.EMAIL): True})
    confirmed_box(member)
    rows = post(member)
    sign_in(client, member)
    client.post(reverse("messaging:mailbox-remove"))
    mail.outbox.clear()
    deliver_due()
    # The removed address is told once that it was removed.
    assert (Mailbox.objects.count(), [letter.to for letter in mail.outbox]) == (0, [["ann@example.org"]])
    assert Message.objects.get(pk=rows[1].pk).error == "no address"


def test_a_server_that_refuses_is_tried_again(monkeypatch):
    class Refusing:
        def send_messages(self, _messages):
            raise smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"no")})

    member = make_member()
    channels_choose(actor=member, wanted={("matchmaking", Channel.EMAIL): True})
    confirmed_box(member)
    rows = post(member)
    monkeypatch.setattr(channels, "get_connection", lambda **_options: Refusing())
    deliver_due()
    row = Message.objects.get(pk=rows[1].pk)
    assert (row.state, row.attempts, row.error) == (MessageState.WAITING, 1, "SMTPRecipientsRefused")


def test_the_page_of_choices(client):
    member = make_member()
    sign_in(client, member)
    path = reverse("messaging:channel-choice-update")
    page = client.get(path).content.decode()
    assert 'name="sms-matchmaking"' in page
    assert client.post(path, {"email-matchmaking": "on"}).status_code == 302
    kept = {(row.area, row.channel): row.wanted for row in ChannelChoice.objects.filter(member=member)}
    assert (kept["matchmaking", "sms"], kept["matchmaking", "email"], kept["exchange", "sms"]) == (False, True, False)


def dead(count=1):
    rows = []
    for _number in range(count):
        rows += post(make_member(), channels=(Channel.SMS,))
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=MessageState.DEAD, attempts=6)
    return rows


class TestDeadLetters:
    path = "/messages/given-up/"

    @pytest.fixture(autouse=True)
    def _path(self):
        self.path = reverse("messaging:message-dead")

    def test_a_system_administrator_sends_them_once_more(self, client):
        rows = dead(3)
        sign_in(client, make_staff(make_province(), role=Role.SYSTEM_ADMINISTRATOR))
        assert client.get(self.path).content.decode().count('form="bulk" name="pk"') == 3
        assert client.post(self.path, {"action": "retry", "pk": [rows[0].pk, rows[1].pk]}).status_code == 302
        states = dict(Message.objects.values_list("pk", "state"))
        assert [states[row.pk] for row in rows] == [MessageState.WAITING, MessageState.WAITING, MessageState.DEAD]
        assert AuditEntry.objects.get(action="message.retry").data["count"] == 2
        client.post(self.path, {"one": rows[2].pk})
        assert Message.objects.get(pk=rows[2].pk).state == MessageState.WAITING

    def test_who_only_sees_the_system_retries_nothing(self, client):
        (row,) = dead()
        sign_in(client, make_staff(make_province(), role=Role.SECURITY_ADMINISTRATOR))
        assert client.get(self.path).status_code == 200
        assert client.post(self.path, {"action": "retry", "pk": [row.pk]}).status_code == 403
        assert Message.objects.get(pk=row.pk).state == MessageState.DEAD

    @pytest.mark.parametrize(("role", "status"), [(Role.CHAIR, 403), (None, 404)])
    def test_others_see_nothing(self, client, role, status):
        (row,) = dead()
        city = make_organization()
        sign_in(client, make_staff(city, role=role) if role else make_member(city))
        assert client.get(self.path).status_code == status
        assert client.post(self.path, {"action": "retry", "pk": [row.pk]}).status_code == status
        assert Message.objects.get(pk=row.pk).state == MessageState.DEAD

    def test_what_is_on_its_way_again_is_left_alone(self):
        (row,) = dead()
        Message.objects.filter(pk=row.pk).update(state=MessageState.DELIVERED)
        with pytest.raises(DomainError):
            messages_retry(messages=Message.objects.filter(pk=row.pk), actor=make_member())
        assert Message.objects.get(pk=row.pk).state == MessageState.DELIVERED
