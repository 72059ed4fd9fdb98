"""Group weddings: one person asks, the other confirms, the organiser decides; no place is given twice."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking import agreements, reminders
from matchmaking.choices.couples import CoupleState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import Block, GroupWedding, WeddingCouple
from matchmaking.selectors.couples import couples_asking
from matchmaking.services.couples import (
    couple_accept,
    couple_ask,
    couple_confirm,
    couple_decline,
    couple_leave,
    couple_refuse,
    couple_waitlist,
    erase_weddings,
)
from matchmaking.services.weddings import (
    wedding_cancel,
    wedding_close,
    wedding_hold,
    wedding_update,
    weddings_keep_time,
)
from portal.audit.models import AuditEntry
from portal.core import locks
from portal.core.choices import Sex
from portal.core.errors import Conflict, DomainError, TooMany
from portal.members.models import Consent
from portal.messaging.models import Message
from tests.access.leaks import lasting_words
from tests.factories.matchmaking_pairs import make_asked, make_couple, make_known, make_pair, make_wedding, put_wedding
from tests.factories.members import make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.threads import at_once

database = pytest.mark.django_db


def code_of(work, **arguments):
    with pytest.raises(DomainError) as refusal:
        work(**arguments)
    return refusal.value.code


def told(kind):
    return set(Message.objects.filter(kind=kind, channel="in_app").values_list("recipient", flat=True))


@database
def test_one_asks_the_other_confirms_the_organiser_gives_a_place():
    wedding = make_wedding()
    couple, partner = make_asked(wedding)
    assert (couple.state, couple.partner_id) == (CoupleState.ASKED, None)
    assert told("matchmaking.wedding_asked") == {partner.pk}
    couple = couple_confirm(couple=couple, actor=partner)
    assert (couple.state, couple.partner_id, couple.place, couple.partner_index) == ("applied", partner.pk, 1, "")
    couple = couple_accept(couple=couple, actor=wedding.created_by)
    assert told("matchmaking.couple_accepted") == {couple.asker_id, partner.pk}
    assert Consent.objects.standing().filter(purpose="matchmaking.wedding", about_id=wedding.pk).count() == 2


@database
def test_the_answer_is_the_same_whether_the_number_is_known(client):
    """The answer does not reveal whether a number is known.

    Page by page and row by row it is the same for an unknown number, a known one, one that is not confirmed, and one
    whose owner blocked the person who asks.
    """
    wedding = make_wedding()
    known = make_known(wedding.organization, Sex.MALE)
    on_roster = make_known(wedding.organization, Sex.MALE)
    on_roster.phone_confirmed_at = None
    on_roster.save(update_fields=["phone_confirmed_at"])
    blocker = make_known(wedding.organization, Sex.MALE)
    numbers = [known.phone, on_roster.phone, blocker.phone, phone_number(66_000_001)]
    answers = []
    for number in numbers:
        asker = make_known(wedding.organization, name="示例同名")
        Block.objects.create(blocker=blocker, blocked=asker, label="a")
        own = sign_in(Client(), asker)
        address = reverse("matchmaking:ceremony-ask", args=[wedding.pk])
        response = own.post(address, {"phone": number, "agree": "on"}, follow=True)
        text = response.content.decode()
        assert number not in text
        # Any two pages differ in their tokens, times and row numbers, of one digit or two.
        words = re.sub(r"\d+", "0", lasting_words(text))
        row = WeddingCouple.objects.get(asker=asker)
        answers.append((response.status_code, words, row.state, row.partner_id, len(row.partner_index)))
    assert len(set(answers)) == 1
    assert told("matchmaking.wedding_asked") == {known.pk}
    assert not couples_asking(blocker).exists()
    assert not couples_asking(on_roster).exists()
    assert couples_asking(known).count() == 1


@database
def test_a_no_is_told_to_nobody_and_changes_nothing_for_the_asker():
    wedding = make_wedding()
    couple, partner = make_asked(wedding)
    entries = AuditEntry.objects.filter(actor=partner).count()
    messages = Message.objects.count()
    couple_refuse(couple=couple, actor=partner)
    assert WeddingCouple.objects.get().state == CoupleState.ASKED
    assert not couples_asking(partner).exists()
    assert Message.objects.count() == messages
    assert AuditEntry.objects.filter(actor=partner).count() == entries
    assert code_of(couple_confirm, couple=couple, actor=partner) == "not-yours"


@database
def test_only_the_one_whose_number_was_typed_confirms(client):
    wedding = make_wedding()
    couple, partner = make_asked(wedding)
    other = make_known(wedding.organization)
    assert code_of(couple_confirm, couple=couple, actor=other) == "not-yours"
    assert code_of(couple_confirm, couple=couple, actor=couple.asker) == "not-yours"
    address = reverse("matchmaking:couple-confirm", args=[couple.pk])
    for reader, status in ((partner, 200), (other, 404), (couple.asker, 404), (wedding.created_by, 404)):
        assert sign_in(client, reader).get(address).status_code == status


@database
def test_who_may_not_ask():
    wedding = make_wedding()
    asker = make_known(wedding.organization)
    ask = {"wedding": wedding, "actor": asker}
    assert code_of(couple_ask, phone=asker.phone, **ask) == "own-number"
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert code_of(couple_ask, phone=phone_number(1), registered_on=tomorrow, **ask) == "future"
    young = make_known(wedding.organization, born=timezone.localdate() - timedelta(days=19 * 365))
    assert code_of(couple_ask, wedding=wedding, actor=young, phone=phone_number(1)) == "too-young"
    couple_ask(phone=phone_number(1), **ask)
    assert code_of(couple_ask, phone=phone_number(2), **ask) == "applied"
    assert WeddingCouple.objects.count() == 1


@database
def test_asking_is_counted_against_trying_numbers_out():
    wedding = make_wedding()
    asker = make_known(wedding.organization)
    for number in range(5):
        couple = couple_ask(wedding=wedding, actor=asker, phone=phone_number(900 + number))
        couple_leave(couple=couple, actor=asker)
    with pytest.raises(TooMany):
        couple_ask(wedding=wedding, actor=asker, phone=phone_number(990))


@database
@pytest.mark.parametrize("state", [state for state in WeddingState if state != WeddingState.OPEN])
def test_a_wedding_that_is_not_open_takes_nobody(state):
    wedding = make_wedding(state=state)
    asker = make_known(wedding.organization)
    assert code_of(couple_ask, wedding=wedding, actor=asker, phone=phone_number(1)) == "closed"
    assert not WeddingCouple.objects.exists()


@database
def test_both_asking_each_other_is_one_couple():
    wedding = make_wedding()
    her, him = make_known(wedding.organization), make_known(wedding.organization, Sex.MALE)
    hers, _him = make_asked(wedding, her, him)
    his, _her = make_asked(wedding, him, her)
    couple_confirm(couple=hers, actor=him)
    assert dict(WeddingCouple.objects.values_list("pk", "state")) == {hers.pk: "applied", his.pk: "withdrawn"}


@database
def test_a_couple_that_met_here_is_joined_to_its_pair():
    pair = make_pair()
    wedding = make_wedding(pair.event.organization)
    assert make_couple(wedding, pair.two.member, pair.one.member).pair_id == pair.pk
    assert make_couple(wedding).pair_id is None


@database
def test_a_full_list_refuses_and_the_next_in_line_gets_a_freed_place():
    wedding = make_wedding(couples_most=1)
    first, second, third = (make_couple(wedding) for _number in range(3))
    actor = wedding.created_by
    couple_accept(couple=first, actor=actor)
    assert code_of(couple_accept, couple=second, actor=actor) == "full"
    for couple in (third, second):
        couple_waitlist(couple=couple, actor=actor)
    couple_leave(couple=first, actor=first.partner)
    states = dict(WeddingCouple.objects.values_list("pk", "state"))
    assert states == {first.pk: "withdrawn", second.pk: "accepted", third.pk: "waitlisted"}
    assert told("matchmaking.couple_withdrawn") == {first.asker_id}
    wedding_update(
        actor=actor, wedding=GroupWedding.objects.get(), version=GroupWedding.objects.get().version, couples_most=2
    )
    assert WeddingCouple.objects.get(pk=third.pk).state == CoupleState.ACCEPTED


@database
def test_taking_the_agreement_back_withdraws_the_couple_without_saying_who():
    wedding = make_wedding()
    couple = make_couple(wedding)
    given = Consent.objects.standing().get(member=couple.partner, purpose="matchmaking.wedding")
    agreements.take_back(given, couple.partner)
    assert WeddingCouple.objects.get().state == CoupleState.WITHDRAWN
    step = AuditEntry.objects.about(couple).get(to_state="withdrawn")
    assert (step.actor_id, step.clock) == (None, "matchmaking.couple")
    assert not Consent.objects.standing().filter(purpose="matchmaking.wedding").exists()


@database
@pytest.mark.parametrize("state", CoupleState)
def test_each_step_is_refused_from_every_other_state(state):
    wedding = make_wedding()
    couple = make_couple(wedding)
    WeddingCouple.objects.filter(pk=couple.pk).update(state=state)
    couple.refresh_from_db()
    steps = {
        couple_accept: {"applied", "waitlisted"},
        couple_waitlist: {"applied"},
        couple_decline: {"applied", "waitlisted"},
    }
    for step, allowed in steps.items():
        if state in allowed:
            continue
        extra = {"reason": "a"} if step is couple_decline else {}
        with pytest.raises(DomainError):
            step(couple=couple, actor=wedding.created_by, **extra)
        assert WeddingCouple.objects.get().state == state


@database
def test_the_clock_closes_the_list_and_lets_go_who_was_not_confirmed():
    wedding = make_wedding()
    asked, _partner = make_asked(wedding)
    applied = make_couple(wedding)
    assert [row.about.pk for row in reminders.couple_closing(wedding.closes_at - timedelta(hours=3))] == [asked.pk]
    put_wedding(wedding, closes_at=timezone.now() - timedelta(minutes=1))
    assert weddings_keep_time() == 1
    assert weddings_keep_time() == 0
    states = dict(WeddingCouple.objects.values_list("pk", "state"))
    assert states == {asked.pk: "withdrawn", applied.pk: "applied"}
    assert told("matchmaking.couple_unconfirmed") == {asked.asker_id}


@database
def test_a_wedding_is_held_on_its_day_and_cancelled_with_a_reason():
    wedding = make_wedding()
    kept, rest = make_couple(wedding), make_couple(wedding)
    couple_accept(couple=kept, actor=wedding.created_by)
    wedding = wedding_close(wedding=wedding, actor=wedding.created_by)
    assert code_of(wedding_hold, wedding=wedding, actor=wedding.created_by) == "early"
    wedding = put_wedding(wedding, on=timezone.localdate(), closes_at=timezone.now() - timedelta(days=2))
    wedding_hold(wedding=wedding, actor=wedding.created_by)
    assert dict(WeddingCouple.objects.values_list("pk", "state")) == {kept.pk: "accepted", rest.pk: "withdrawn"}
    other = make_wedding()
    couple = make_couple(other)
    wedding_cancel(wedding=other, actor=other.created_by, reason="天气")
    assert told("matchmaking.wedding_cancelled") == {couple.asker_id, couple.partner_id}
    assert WeddingCouple.objects.get(pk=couple.pk).state == CoupleState.WITHDRAWN


@database
def test_an_outdated_edit_is_a_conflict_and_nonsense_is_refused():
    wedding = make_wedding()
    edit = {"actor": wedding.created_by, "wedding": wedding}
    wedding_update(version=1, title="示例改名", **edit)
    with pytest.raises(Conflict):
        wedding_update(version=1, title="示例又改", **edit)
    late = timezone.now() + timedelta(days=50)
    assert code_of(wedding_update, version=2, closes_at=late, **edit) == "closes-late"
    for _number in range(2):
        couple_accept(couple=make_couple(wedding), actor=wedding.created_by)
    assert code_of(wedding_update, version=2, couples_most=1, **edit) == "too-few"


@database
def test_her_own_unit_sees_no_couple(client):
    city = make_organization()
    unit = make_unit(city)
    wedding = make_wedding(city)
    couple = make_couple(wedding, make_known(unit), make_known(unit, Sex.MALE))
    sign_in(client, make_staff(unit))
    assert client.get(couple.get_absolute_url()).status_code == 404
    assert client.get(reverse("matchmaking:wedding-couples", args=[wedding.pk])).status_code == 404
    sign_in(client, wedding.created_by)
    page = client.get(reverse("matchmaking:wedding-couples", args=[wedding.pk])).content.decode()
    assert couple.asker.name in page
    assert couple.asker.phone not in page


@database
def test_erasing_withdraws_and_deletes_but_keeps_what_was_held():
    wedding, past = make_wedding(couples_most=1), make_wedding()
    her = make_known(wedding.organization)
    couple, following = make_couple(wedding, her), make_couple(wedding)
    couple_accept(couple=couple, actor=wedding.created_by)
    couple_waitlist(couple=following, actor=wedding.created_by)
    held = make_couple(past, her)
    couple_accept(couple=held, actor=past.created_by)
    put_wedding(past, WeddingState.HELD)
    assert erase_weddings(her) == 1
    assert dict(WeddingCouple.objects.values_list("pk", "state")) == {following.pk: "accepted", held.pk: "accepted"}


def accept_at_once(wedding):
    couples = [make_couple(wedding) for _number in range(8)]
    answers = at_once(lambda couple: couple_accept(couple=couple, actor=wedding.created_by), couples)
    accepted = WeddingCouple.objects.filter(wedding=wedding, state=CoupleState.ACCEPTED).count()
    return accepted, sorted(getattr(answer, "code", "accepted") for answer in answers)


def test_eight_decisions_at_once_give_two_places(fresh_database):
    wedding = make_wedding(couples_most=2)
    assert accept_at_once(wedding) == (2, ["accepted"] * 2 + ["full"] * 6)


def test_without_the_lock_more_places_are_given_than_there_are(fresh_database, monkeypatch):
    """The control: the same race, in which each request counts before any has written."""
    wedding = make_wedding(couples_most=2)
    real = locks.hold

    def hold(instance):
        if not isinstance(instance, GroupWedding):
            return real(instance)
        found = type(instance).objects.get(pk=instance.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        return found

    couples = [make_couple(wedding) for _number in range(8)]
    monkeypatch.setattr(locks, "hold", hold)
    at_once(lambda couple: couple_accept(couple=couple, actor=wedding.created_by), couples)
    assert WeddingCouple.objects.filter(state=CoupleState.ACCEPTED).count() > 2
