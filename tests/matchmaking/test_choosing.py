"""The choice round: secret choices, the reveal, the pairs.

A one-sided choice is stored nowhere.
"""

import logging
import os
import stat
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from matchmaking import consents, keys
from matchmaking.choices.events import EventState
from matchmaking.models import Choice, ChoiceRound, MatchEvent, Pair, Participation
from matchmaking.selectors.choosing import own_choices
from matchmaking.selectors.events import event_figures
from matchmaking.selectors.pairs import caseload_pairs, pairs_of
from matchmaking.services.choosing import choices_set, event_reveal, keys_sweep
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.services.pairs import pair_set
from matchmaking.services.safety import block_set
from portal.audit.models import AuditEntry
from portal.core import crypto
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.members.models import Consent
from portal.messaging.models import Message
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice, put_event
from tests.factories.members import make_member, phone_number
from tests.factories.organizations import make_organization
from tests.threads import at_once


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    return settings.KEY_DIR


def make_round(women=2, men=2, **fields):
    """Return an event in its choice round with its women and its men."""
    event = make_event(women_quota=women, men_quota=men, **fields)
    people = [
        [make_participation(event, sex=sex) for _number in range(number)]
        for sex, number in ((Sex.FEMALE, women), (Sex.MALE, men))
    ]
    event = open_choice(event)
    return event, *[[Participation.objects.get(pk=row.pk) for row in rows] for rows in people]


def choose(row, *others, actor=None):
    return choices_set(participation=row, chosen=[other.pk for other in others], actor=actor or row.member)


def agree(row, contact=False, matchmaker=False):
    pair_set(pair=Pair.objects.get(), actor=row.member, contact=contact, matchmaker=matchmaker)


def reveal(event):
    return event_reveal(event=event, actor=event.created_by)


def refused(row, *others, **options):
    before = list(Choice.objects.order_by("pk").values("chooser", "rank", "token"))
    with pytest.raises(DomainError) as refusal:
        choose(row, *others, **options)
    assert list(Choice.objects.order_by("pk").values("chooser", "rank", "token")) == before
    return refusal.value.code


def couples(event):
    return {frozenset(pair) for pair in event.pairs.values_list("one_id", "two_id")}


@pytest.mark.django_db
def test_she_chooses_changes_and_takes_back():
    event, (her, _other), (first, second) = make_round()
    assert choose(her, first, second) == 2
    assert own_choices(her) == [first.pk, second.pk]
    assert choose(her, second, first) == 2
    assert own_choices(her) == [second.pk, first.pk]
    assert choose(her, second) == 1
    assert choose(her) == 0
    assert own_choices(her) == []
    assert not Choice.objects.filter(round=event.round).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("by_her", [True, False])
def test_who_blocked_the_other_is_on_neither_list(by_her):
    """Whichever of the two set the block, neither sees the other's card or can choose it."""
    _event, (her, other), (him, second) = make_round()
    blocker, blocked = (her, him) if by_her else (him, her)
    block_set(actor=blocker.member, blocked=blocked.member, label="示例")
    assert list(Participation.objects.candidates_of(her)) == [second]
    assert list(Participation.objects.candidates_of(him)) == [other]
    assert refused(her, him) == "left"
    assert refused(him, her) == "left"
    assert choose(her, second) == 1


@pytest.mark.django_db
def test_a_block_after_both_chose_keeps_them_apart_at_the_reveal():
    event, (her, other), (him, second) = make_round()
    for one, two in ((her, him), (him, her), (other, second), (second, other)):
        choose(one, two)
    block_set(actor=her.member, blocked=him.member, label="示例")
    reveal(event)
    assert couples(event) == {frozenset([other.pk, second.pk])}
    none = Message.objects.filter(kind="matchmaking.reveal_none").values_list("recipient", flat=True)
    assert set(none) == {her.member_id, him.member_id}


@pytest.mark.django_db
def test_choices_are_read_by_their_chooser_alone():
    _event, (her, other), (him, _second) = make_round()
    choose(her, him)
    assert [row.chooser_id for row in Choice.objects.visible_to(her.member)] == [her.pk]
    assert not Choice.objects.visible_to(other.member).exists()
    assert not Choice.objects.visible_to(him.member).exists()
    assert own_choices(him) == own_choices(other) == []


@pytest.mark.django_db
def test_what_cannot_be_chosen():
    _event, (her, other), (him, second) = make_round(choices_per_person=2)
    _elsewhere, (_w, _x), (stranger, _y) = make_round()
    waiting = make_participation(her.offering, sex=Sex.MALE, state=SignUpState.WAITLISTED)
    third = make_participation(her.offering, sex=Sex.MALE)
    choose(her, him)

    assert refused(her, him, second, third) == "too-many"
    assert refused(her, him, him) == "too-many"
    for row in (other, her, stranger, waiting):
        assert refused(her, row) == "left"
    assert refused(her, second, actor=other.member) == "not-yours"
    assert refused(her, second, actor=her.offering.created_by) == "not-yours"
    with pytest.raises(DomainError):
        choices_set(participation=her, chosen=[10**15], actor=her.member)
    assert own_choices(her) == [him.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in SignUpState if state != SignUpState.CONFIRMED])
def test_only_confirmed_participants_choose(state):
    event, _women, (him, _second) = make_round()
    assert refused(make_participation(event, state=state), him) == "not-confirmed"


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in EventState if state != EventState.CHOICE_OPEN])
def test_nobody_chooses_outside_the_round(state):
    event, (her, _other), (him, _second) = make_round()
    put_event(event, state)
    assert refused(her, him) == "round-closed"


@pytest.mark.django_db
def test_nobody_chooses_after_the_closing_time():
    event, (her, _other), (him, _second) = make_round()
    put_event(event, choice_closes_at=timezone.now())
    assert refused(her, him) == "round-closed"


@pytest.mark.django_db
def test_without_the_key_nothing_is_written_or_shown(key_folder):
    event, (her, _other), (him, second) = make_round()
    choose(her, him)
    keys.key_destroy(event.round.pk)
    assert refused(her, second) == "no-round-key"
    assert own_choices(her) == []


def test_a_token_does_not_depend_on_the_order_of_the_two():
    key = bytes(32)
    assert keys.pair_token(key, 7, 12) == keys.pair_token(key, 12, 7) == crypto.token(key, "7.12")
    assert len(keys.pair_token(key, 7, 12)) == 32
    assert keys.pair_token(key, 1, 23) != keys.pair_token(key, 12, 3)
    assert keys.pair_token(key, 7, 12) != keys.pair_token(b"\x01" * 32, 7, 12)


def test_a_key_lies_wrapped_and_readable_to_its_owner_alone(key_folder):
    keys.key_create(5)
    path = key_folder / "round-5.key"
    key = keys.key_read(5)
    assert len(key) == 32
    assert key not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_folder.stat().st_mode) == 0o700
    keys.key_create(5)
    assert keys.key_read(5) == key
    assert [item.name for item in key_folder.iterdir()] == ["round-5.key"]


def test_a_key_moved_to_another_round_does_not_open(key_folder):
    keys.key_create(5)
    (key_folder / "round-5.key").rename(key_folder / "round-6.key")
    with pytest.raises(DomainError):
        keys.key_read(6)


def test_each_round_has_a_key_of_its_own():
    for number in (1, 2, 3):
        keys.key_create(number)
    assert len({keys.key_read(number) for number in (1, 2, 3)}) == 3
    assert set(keys.kept_rounds()) == {1, 2, 3}
    keys.key_destroy(2)
    keys.key_destroy(2)
    assert set(keys.kept_rounds()) == {1, 3}


@pytest.mark.django_db
def test_the_reveal_finds_who_chose_each_other():
    event, (anna, berta, clara), (dieter, emil, frank) = make_round(3, 3)
    choose(anna, dieter, emil)
    choose(berta, emil)
    choose(clara, dieter)
    choose(dieter, anna)
    choose(emil, clara, berta, anna)
    choose(frank, anna, berta, clara)

    event = reveal(event)

    assert event.state == EventState.REVEALED
    assert couples(event) == {
        frozenset({anna.pk, dieter.pk}),
        frozenset({anna.pk, emil.pk}),
        frozenset({berta.pk, emil.pk}),
    }
    assert {pair.held_on for pair in event.pairs.all()} == {timezone.localdate()}
    assert all(pair.one_id < pair.two_id for pair in event.pairs.all())
    figures = event_figures(event)
    assert (figures.people, figures.pairs, figures.people_in_pairs, figures.rate) == (6, 3, 4, 100)


@pytest.mark.django_db
def test_everyone_gets_one_message_at_the_reveal():
    event, (anna, berta), (dieter, emil) = make_round()
    waiting = make_participation(event, state=SignUpState.WAITLISTED)
    choose(anna, dieter)
    choose(dieter, anna)
    choose(emil, anna)
    before = Message.objects.count()

    reveal(event)

    told = Message.objects.order_by("pk")[before:]
    assert Counter((message.recipient_id, message.kind, message.context["matches"]) for message in told) == {
        (anna.member_id, "matchmaking.reveal_match", 1): 1,
        (dieter.member_id, "matchmaking.reveal_match", 1): 1,
        (berta.member_id, "matchmaking.reveal_none", 0): 1,
        (emil.member_id, "matchmaking.reveal_none", 0): 1,
    }
    assert waiting.member_id not in {message.recipient_id for message in told}


@pytest.mark.django_db
def test_opening_tells_the_confirmed_alone():
    event = make_event()
    confirmed = make_participation(event)
    make_participation(event, state=SignUpState.WAITLISTED)
    open_choice(event)
    assert list(Message.objects.filter(kind="matchmaking.choice_open").values_list("recipient", flat=True)) == [
        confirmed.member_id
    ]


def test_the_reveal_destroys_choices_and_key_and_happens_once(fresh_database, key_folder):
    event, (anna, _berta), (dieter, emil) = make_round()
    choose(anna, dieter, emil)
    choose(dieter, anna)
    assert len(list(key_folder.iterdir())) == 1

    answers = at_once(lambda _number: event_reveal(event=event, actor=event.created_by), range(4))

    assert sum(isinstance(answer, MatchEvent) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, DomainError)} <= {"moved-on", "no-such-step"}
    assert Pair.objects.count() == 1
    assert Choice.objects.count() == 0
    assert list(key_folder.iterdir()) == []
    assert ChoiceRound.objects.get().revealed_at is not None
    assert Message.objects.filter(kind__contains="reveal").count() == 4


def test_a_reveal_that_fails_leaves_everything_as_it_was(fresh_database, key_folder):
    event, (anna, _berta), (dieter, _emil) = make_round()
    choose(anna, dieter)
    with pytest.raises(DomainError), transaction.atomic():
        reveal(event)
        raise DomainError("the database went away")
    assert own_choices(Participation.objects.get(pk=anna.pk)) == [dieter.pk]
    assert MatchEvent.objects.get(pk=event.pk).state == EventState.CHOICE_OPEN
    assert not Message.objects.filter(kind__contains="reveal").exists()


def test_a_key_that_a_crash_left_behind_is_swept(fresh_database, key_folder):
    event, (anna, _berta), (dieter, _emil) = make_round()
    other, _women, _men = make_round()
    choose(anna, dieter)
    left = (key_folder / f"round-{event.round.pk}.key").read_bytes()
    reveal(event)
    # As if the process had ended between the commit and the deletion.
    (key_folder / f"round-{event.round.pk}.key").write_bytes(left)

    assert keys_sweep() == 1
    assert keys_sweep() == 0
    assert set(keys.kept_rounds()) == {other.round.pk}
    assert Choice.objects.count() == 0


def test_the_key_of_an_opening_under_way_is_left_and_one_of_an_opening_undone_is_swept(fresh_database, key_folder):
    event = make_event()
    make_participation(event)
    with pytest.raises(DomainError), transaction.atomic():
        opened = open_choice(event)
        number = opened.round.pk
        assert at_once(lambda _number: keys_sweep(), [1]) == [0]
        raise DomainError("the database went away")
    assert not ChoiceRound.objects.exists()
    assert keys_sweep() == 0

    two_hours_ago = time.time() - 7200
    os.utime(key_folder / f"round-{number}.key", (two_hours_ago, two_hours_ago))
    assert keys_sweep() == 1
    assert keys.kept_rounds() == {}


# Ids that cannot be part of another number by chance.
CHOSEN, CHOSEN_MEMBER = 734512089123, 918273645091


def where(text):
    """Return the tables that contain ``text`` in any column."""
    found = set()
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


@pytest.mark.django_db
def test_a_one_sided_choice_stands_in_no_column_entry_message_or_log(key_folder, caplog, capfd):
    event = make_event()
    her = make_participation(event)
    him = make_participation(event, make_single(event.organization, Sex.MALE, pk=CHOSEN_MEMBER), pk=CHOSEN)
    event = open_choice(event)
    her = Participation.objects.get(pk=her.pk)
    rows_about_him = where(CHOSEN), where(CHOSEN_MEMBER)
    assert rows_about_him == (
        {"matchmaking_participation"},
        {"members_member", "matchmaking_participation", "matchmaking_singleprofile", "messaging_message"},
    )
    last = AuditEntry.objects.count(), Message.objects.count()

    with caplog.at_level(logging.DEBUG):
        choose(her, him)
        assert own_choices(her) == [CHOSEN]
        assert (where(CHOSEN), where(CHOSEN_MEMBER)) == rows_about_him
        assert (AuditEntry.objects.count(), Message.objects.count()) == last
        reveal(event)

    assert (where(CHOSEN), where(CHOSEN_MEMBER)) == rows_about_him
    assert not Choice.objects.exists()
    assert own_choices(Participation.objects.get(pk=her.pk)) == []
    logged = caplog.text + "".join(capfd.readouterr())
    assert str(CHOSEN) not in logged
    # The man gets the same message as everyone without a match.
    kinds = Message.objects.filter(kind__contains="reveal").values_list("kind", "context__matches").distinct()
    assert list(kinds) == [("matchmaking.reveal_none", 0)]


@pytest.mark.django_db
def test_a_choice_holds_nothing_but_round_chooser_rank_and_token():
    assert [field.name for field in Choice._meta.get_fields()] == ["id", "round", "chooser", "rank", "token"]


@pytest.mark.django_db
def test_names_and_numbers_open_when_both_agree():
    event = make_event()
    one, two = [
        make_participation(event, make_single(event.organization, sex, name=name, phone=phone_number(number)))
        for number, (sex, name) in enumerate([(Sex.FEMALE, "示例甲"), (Sex.MALE, "示例乙")])
    ]
    event = open_choice(event)
    choose(one, two)
    choose(two, one)
    reveal(event)

    def seen(row):
        (view,) = pairs_of(row.member)
        return view.other.pk, view.i_agreed, view.name, view.phone

    assert (seen(one), seen(two)) == ((two.pk, False, "", ""), (one.pk, False, "", ""))
    agree(one, contact=True)
    assert not Message.objects.filter(kind="matchmaking.pair_open").exists()
    assert (seen(one), seen(two)) == ((two.pk, True, "", ""), (one.pk, False, "", ""))
    agree(two, contact=True)
    agree(two, contact=True)
    told = Message.objects.filter(kind="matchmaking.pair_open").values_list("recipient", flat=True)
    assert sorted(told) == sorted([one.member_id, two.member_id])
    assert seen(one) == (two.pk, True, "示例乙", phone_number(1))
    assert seen(two) == (one.pk, True, "示例甲", phone_number(0))

    messages = Message.objects.count()
    agree(two)
    assert (seen(one), seen(two)) == ((two.pk, True, "", ""), (one.pk, False, "", ""))
    assert Message.objects.count() == messages


@pytest.mark.django_db
def test_nobody_else_decides_about_a_pair():
    event, (anna, berta), (dieter, _emil) = make_round()
    choose(anna, dieter)
    choose(dieter, anna)
    reveal(event)
    for stranger in (berta.member, event.created_by):
        with pytest.raises(DomainError) as refusal:
            pair_set(pair=Pair.objects.get(), actor=stranger, contact=True, matchmaker=True)
        assert refusal.value.code == "not-yours"
        assert pairs_of(stranger) == []
    assert not Consent.objects.filter(purpose__startswith="matchmaking.pair").exists()


@pytest.mark.django_db
def test_a_matchmaker_knows_of_those_who_let_her_know():
    event = make_event()
    one = make_participation(event, make_single(event.organization, name="示例甲", phone=phone_number(1)))
    two = make_participation(event, make_single(event.organization, Sex.MALE, name="示例乙"))
    helper, other = make_member(event.organization), make_member(event.organization)
    matchmakers_set(event=event, members=[helper], actor=event.created_by)
    event = open_choice(event)
    choose(one, two)
    choose(two, one)
    reveal(event)
    assert caseload_pairs(helper) == []

    agree(one, matchmaker=True)

    (found,) = caseload_pairs(helper)
    assert {(row.pk, name, phone) for row, name, phone in found.people} == {
        (one.pk, "示例甲", phone_number(1)),
        (two.pk, "", ""),
    }
    assert caseload_pairs(other) == []
    agree(one)
    assert caseload_pairs(helper) == []


@pytest.mark.django_db
def test_a_matchmaker_whose_assignment_ended_knows_nothing():
    event, (anna, _berta), (dieter, _emil) = make_round()
    helper = make_member(event.organization)
    matchmakers_set(event=event, members=[helper], actor=event.created_by)
    choose(anna, dieter)
    choose(dieter, anna)
    reveal(event)
    agree(anna, matchmaker=True)
    assert len(caseload_pairs(helper)) == 1
    event.matchmakers.update(valid_from=timezone.localdate() - timedelta(3), valid_until=timezone.localdate())
    assert caseload_pairs(helper) == []


@pytest.mark.django_db
def test_consents_to_a_pair_are_apart_from_each_other():
    event, (anna, _berta), (dieter, _emil) = make_round()
    choose(anna, dieter)
    choose(dieter, anna)
    reveal(event)
    agree(anna, contact=True)
    assert list(Consent.objects.standing().filter(purpose__contains="pair").values_list("purpose", flat=True)) == [
        consents.PAIR_CONTACT.code
    ]


@pytest.mark.django_db
def test_one_city_sees_nothing_of_anothers_pairs():
    event, (anna, _berta), (dieter, _emil) = make_round()
    choose(anna, dieter)
    choose(dieter, anna)
    reveal(event)
    stranger = make_event(make_organization()).created_by
    for rows in (Pair.objects, Participation.objects, MatchEvent.objects):
        assert rows.visible_to(event.created_by).filter(pk__in=rows.all()).exists()
    assert not Pair.objects.visible_to(stranger).exists()
    assert not Participation.objects.visible_to(stranger).filter(offering=event).exists()
    assert not MatchEvent.objects.visible_to(stranger).filter(pk=event.pk).exists()


def test_two_who_agree_at_once_are_told_once(fresh_database):
    event, (anna, _berta), (dieter, _emil) = make_round()
    choose(anna, dieter)
    choose(dieter, anna)
    reveal(event)
    answers = at_once(lambda row: agree(row, contact=True), [anna, dieter, anna, dieter])
    assert answers == [None] * 4
    assert Message.objects.filter(kind="matchmaking.pair_open").count() == 2
