"""The ledger of reminders: each is sent once, and a missed night is caught up.

A reminder that is no longer useful is recorded and not sent.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import Choice
from matchmaking.reminders import choice_closing, event_tomorrow, offer_expiring
from portal.messaging.choices import Channel, ReminderState
from portal.messaging.models import Message, Reminder
from portal.messaging.planning import Due, Rule
from portal.messaging.services import reminders
from portal.messaging.services.choosing import channels_choose
from portal.messaging.services.messages import message_words
from portal.messaging.services.reminders import reminders_plan
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import make_event, make_participation, open_choice, put_event
from tests.factories.members import make_member, make_staff
from tests.factories.organizations import make_organization
from tests.threads import at_once

NOW = timezone.now()
BOTH = (Channel.IN_APP, Channel.SMS)


def use(monkeypatch, dues, **fields):
    rule = Rule("test.rule", "matchmaking.offer_expiring", lambda now: iter(dues), **{"channels": BOTH, **fields})
    monkeypatch.setattr(reminders, "rules", lambda: [rule])


def due_for(members, until=None):
    until = until or timezone.now() + timedelta(hours=3)
    context = {"title": "示例", "at": until.isoformat()}
    return [Due(member, member, timezone.localdate(until), until, context=context) for member in members]


@pytest.mark.django_db
def test_each_reminder_comes_once_by_each_channel(monkeypatch):
    use(monkeypatch, due_for([make_member(), make_member()]))
    assert [reminders_plan(), reminders_plan(), reminders_plan()] == [4, 0, 0]
    assert Message.objects.count() == Reminder.objects.filter(state=ReminderState.SENT).count() == 4
    assert all(message_words(message)[0] for message in Message.objects.all())


@pytest.mark.django_db
def test_what_is_past_its_use_is_written_down_and_not_sent(monkeypatch):
    use(monkeypatch, due_for([make_member()], until=timezone.now() - timedelta(hours=1)))
    assert (reminders_plan(), reminders_plan()) == (2, 0)
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.DROPPED}
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_text_message_that_would_come_after_its_use_is_dropped(monkeypatch, settings):
    night = timezone.localtime().replace(hour=3, minute=0) + timedelta(days=1)
    settings.QUIET_HOURS = (21, 8)
    use(monkeypatch, due_for([make_member()], until=night + timedelta(hours=2)))
    reminders_plan(now=night)
    assert dict(Reminder.objects.values_list("channel", "state")) == {
        Channel.IN_APP: ReminderState.SENT,
        Channel.SMS: ReminderState.DROPPED,
    }
    assert Message.objects.get().channel == Channel.IN_APP


@pytest.mark.django_db
def test_who_wants_no_text_message_gets_none(monkeypatch):
    member = make_member()
    channels_choose(actor=member, wanted={("matchmaking", Channel.SMS): False})
    use(monkeypatch, due_for([member]))
    assert (reminders_plan(), reminders_plan()) == (2, 0)
    assert [message.channel for message in Message.objects.all()] == [Channel.IN_APP]


@pytest.mark.django_db
def test_one_broken_rule_does_not_silence_the_others(monkeypatch, left_out):
    def broken(_now):
        raise OSError

    good = Rule("test.good", "matchmaking.offer_expiring", lambda now: iter(due_for([make_member()])))
    monkeypatch.setattr(reminders, "rules", lambda: [Rule("test.bad", "a.b", broken), good])
    assert reminders_plan() == 1


@pytest.mark.django_db
def test_the_database_keeps_the_ledger():
    member = make_member()
    row = {"rule": "a", "about_model": "b", "about_id": 1, "due_on": NOW.date(), "recipient": member, "channel": "sms"}
    Reminder.objects.create(**row, state=ReminderState.SENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**row, state=ReminderState.SENT)
    assert Reminder.objects.count() == 1


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_thousand_reminders_through_three_kills(fresh_database, monkeypatch):
    """No reminder is lost or sent twice, wherever the planner is interrupted."""
    home = make_organization()
    people = [make_member(home) for _number in range(10)]
    until = timezone.now() + timedelta(hours=3)
    context = {"title": "示例", "at": until.isoformat()}
    days = [timezone.localdate() + timedelta(days=number) for number in range(100)]
    use(monkeypatch, [Due(p, p, day, until, context=context) for day in days for p in people], channels=("in_app",))
    post, left = reminders.message_post, {"before": 130}

    def dying(**fields):
        left["before"] -= 1
        if not left["before"]:
            raise Killed
        return post(**fields)

    monkeypatch.setattr(reminders, "message_post", dying)
    for before in (130, 280, 330):
        left["before"] = before
        with pytest.raises(Killed):
            reminders_plan()
    left["before"] = 10**6
    reminders_plan()
    assert (reminders_plan(), Reminder.objects.count(), Message.objects.count()) == (0, 1000, 1000)


def test_two_planners_write_each_reminder_once(fresh_database, monkeypatch):
    home = make_organization()
    dues = due_for([make_member(home) for _number in range(20)])
    use(monkeypatch, dues)
    at_once(lambda _number: reminders_plan(), range(4))
    assert (Reminder.objects.count(), Message.objects.count()) == (40, 40)


@pytest.mark.django_db
class TestMatchmaking:
    @pytest.fixture
    def event(self):
        city = make_organization()
        return make_event(city, created_by=make_staff(city))

    def test_participants_hear_of_their_event_the_day_before(self, event):
        row = make_participation(event)
        make_participation(event, state=SignUpState.WAITLISTED)
        assert list(event_tomorrow(timezone.now())) == []
        put_event(event, starts_at=timezone.now() + timedelta(hours=20))
        (due,) = event_tomorrow(timezone.now())
        assert (due.about, due.to, due.url) == (row, row.member, event.get_member_url())

    def test_a_cancelled_event_reminds_nobody(self, event):
        make_participation(event)
        put_event(event, EventState.CANCELLED, starts_at=timezone.now() + timedelta(hours=20))
        assert list(event_tomorrow(timezone.now())) == []

    def test_everybody_hears_that_the_round_closes_whoever_has_chosen(self, event):
        """If only some got the reminder, it would reveal that the others have chosen."""
        silent, chose = make_participation(event), make_participation(event)
        event = open_choice(event)
        Choice.objects.create(round=event.round, chooser=chose, rank=1, token=b"x" * 32)
        assert [due.about for due in choice_closing(timezone.now())] == [silent, chose]

    def test_who_holds_an_offer_hears_six_hours_before(self, event):
        row = make_participation(event, state=SignUpState.OFFERED)
        later = timezone.now() + timedelta(hours=9)
        make_participation(event, state=SignUpState.OFFERED, offered_until=later)
        assert [due.about for due in offer_expiring(timezone.now())] == [row]

    def test_the_declared_rules_have_their_words(self, event):
        make_participation(event, state=SignUpState.OFFERED)
        assert reminders_plan() == 2
        title, body = message_words(Message.objects.first())
        assert title
        assert event.title in body
