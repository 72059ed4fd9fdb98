"""Concurrent actions at one event."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from matchmaking import keys
from matchmaking.choices.events import EventState
from matchmaking.models import Choice, ChoiceRound, MatchEvent
from matchmaking.services.choosing import choices_set, event_reveal
from matchmaking.services.events import events_keep_time
from matchmaking.services.participations import event_join, event_leave, offers_expire
from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.members.models import Consent
from portal.messaging.models import Message
from tests.factories.matchmaking import LINE, make_event, make_participation, make_single, open_choice, put_event
from tests.threads import at_once


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.KEY_DIR = tmp_path
    return tmp_path


def test_two_clocks_take_each_step_once(fresh_database, key_folder):
    event = make_event()
    people = [make_participation(event, sex=sex) for sex in (Sex.FEMALE, Sex.MALE)]
    now = timezone.now()
    put_event(
        event,
        signup_closes_at=now - timedelta(hours=3),
        choice_opens_at=now - timedelta(hours=2),
        choice_closes_at=now - timedelta(hours=1),
    )

    for _round in range(3):
        at_once(lambda _number: events_keep_time(), range(4))

    assert MatchEvent.objects.get(pk=event.pk).state == EventState.REVEALED
    assert Counter(AuditEntry.objects.about(event).exclude(to_state="").values_list("to_state", flat=True)) == {
        "signup_closed": 1,
        "choice_open": 1,
        "revealed": 1,
    }
    assert Message.objects.filter(kind__contains="reveal").count() == len(people)
    assert Message.objects.filter(kind="matchmaking.choice_open").count() == len(people)
    assert ChoiceRound.objects.count() == 1
    assert keys.kept_rounds() == {}


def test_a_choice_at_the_moment_of_the_reveal_counts_or_is_refused_and_never_stays(fresh_database):
    event = make_event()
    women = [make_participation(event) for _number in range(6)]
    men = [make_participation(event, sex=Sex.MALE) for _number in range(6)]
    event = open_choice(event)

    def choose(couple):
        her, him = couple
        return choices_set(participation=her, chosen=[him.pk], actor=her.member)

    acts = [(choose, (her, him)) for her, him in zip(women + men, men + women, strict=True)]
    acts.insert(6, (lambda actor: event_reveal(event=event, actor=actor), event.created_by))
    answers = at_once(lambda act: act[0](act[1]), acts)

    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert {type(answer) for answer in refused} <= {DomainError}
    assert {answer.code for answer in refused} <= {"round-closed"}
    assert Choice.objects.count() == 0
    assert ChoiceRound.objects.get().revealed_at is not None


def test_leaving_and_revealing_at_once_leaves_no_pair_of_one(fresh_database):
    event = make_event()
    her, him = make_participation(event), make_participation(event, sex=Sex.MALE)
    event = open_choice(event)
    for one, two in ((her, him), (him, her)):
        choices_set(participation=one, chosen=[two.pk], actor=one.member)

    acts = [
        lambda: event_leave(participation=her, actor=her.member),
        lambda: event_reveal(event=event, actor=event.created_by),
    ]
    answers = at_once(lambda act: act(), acts)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    her.refresh_from_db()
    # If the person leaves first, there is no pair; if the person leaves after the reveal, the pair ends.
    assert (her.state, [pair.state for pair in event.pairs.all()]) in (("withdrawn", []), ("left", ["ended"]))


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "found"), [("leave", ("withdrawn", [])), ("reveal", ("left", ["ended"]))])
def test_leaving_and_revealing_in_either_order(first, found):
    """The two possible results of the race above."""
    event = make_event()
    her, him = make_participation(event), make_participation(event, sex=Sex.MALE)
    event = open_choice(event)
    for one, two in ((her, him), (him, her)):
        choices_set(participation=one, chosen=[two.pk], actor=one.member)
    acts = {
        "leave": lambda: event_leave(participation=her, actor=her.member),
        "reveal": lambda: event_reveal(event=event, actor=event.created_by),
    }
    for name in (first, *acts.keys() - {first}):
        acts[name]()
    her.refresh_from_db()
    assert (her.state, [pair.state for pair in event.pairs.all()]) == found


def test_a_double_click_on_joining_is_one_sign_up_with_one_message(fresh_database):
    event = make_event()
    member = make_single(event.organization)
    answers = at_once(lambda _number: event_join(event=event, member=member, actor=member, line=LINE), range(10))
    assert sum(created for _row, created in answers) == 1
    assert (event.signups.count(), Consent.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_two_expiries_at_once_pass_each_offer_on_once(fresh_database):
    event = make_event(women_quota=1)
    over = make_participation(event, state="offered", offered_until=timezone.now() - timedelta(minutes=1))
    following = make_participation(event, state="waitlisted")
    answers = at_once(lambda _number: offers_expire(), range(4))
    assert sorted(answers) == [0, 0, 0, 1]
    assert dict(event.signups.values_list("pk", "state")) == {over.pk: "expired", following.pk: "offered"}
    assert Message.objects.filter(kind="matchmaking.offered", channel="in_app").count() == 1
