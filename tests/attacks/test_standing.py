"""People who are not single, or not confirmed as single, get onto no list of singles.

They are also removed from the lists on which they are.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.couples import CoupleState
from matchmaking.choices.events import EventState
from matchmaking.choices.pairs import PairState
from matchmaking.choices.profiles import ProfileState
from matchmaking.imports import ParticipantRegister
from matchmaking.models import Introduction, Pair, Participation, SingleProfile, WeddingCouple
from matchmaking.selectors.introductions import introduction_suggestions
from matchmaking.selectors.profiles import suggestions
from matchmaking.services.choosing import choices_set, event_open_choice, event_reveal
from matchmaking.services.couples import couple_ask, couple_leave
from matchmaking.services.events import event_begin, event_shortlist
from matchmaking.services.introductions import introduction_answer, introduction_ask
from matchmaking.services.on_the_day import Arrival, check_in, seats_people, walk_in
from matchmaking.services.pairs import pair_say
from matchmaking.services.participations import event_join, offer_accept
from matchmaking.services.profiles import profile_exit, profile_matched
from matchmaking.services.retention import profiles_keep_time
from matchmaking.services.reviewing import place_offer, place_refusal, signups_review
from matchmaking.services.safety import report_make, report_settle, report_take
from matchmaking.services.standing import standings_keep_time
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.members.choices import MaritalStatus
from portal.members.models import Member
from portal.members.services.erasing import member_erase
from portal.members.services.people import member_update
from portal.members.services.transfers import transfer_ask, transfer_confirm
from portal.messaging.models import Message
from portal.signups import services as engine
from portal.signups.choices import Door, SignUpState
from tests.factories.matchmaking import (
    LINE,
    make_event,
    make_participation,
    make_single,
    open_choice,
    put_event,
)
from tests.factories.matchmaking_library import make_invitation
from tests.factories.matchmaking_pairs import make_couple, make_known, make_pair, make_wedding
from tests.factories.matchmaking_singles import make_introduction, make_profile
from tests.factories.members import identity_number, make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def profile_of(member, **fields):
    SingleProfile.objects.filter(member=member).update(**fields)


def married_by_pair(member, state=PairState.REGISTERED):
    fields = {"state": state, "one_says": state, "two_says": state}
    if state == PairState.REGISTERED:
        fields |= {"registered_on": TODAY()}
    pair = make_pair(put_event(make_event(member.organization), EventState.CLOSED), **fields)
    sign_up = pair.two if member.sex == Sex.MALE else pair.one
    Participation.objects.filter(pk=sign_up.pk).update(member=member)


def married_by_wedding(member):
    couple = make_couple(make_wedding(member.organization))
    WeddingCouple.objects.filter(pk=couple.pk).update(
        **({"partner": member} if member.sex == Sex.MALE else {"asker": member})
    )


def gone(member):
    SingleProfile.objects.filter(member=member).delete()


# Everything that excludes a person from what is for singles; each state is set without the services.
NO_STANDING = {
    "no declaration": gone,
    "draft": lambda member: profile_of(member, state=ProfileState.DRAFT),
    "not looked at yet": lambda member: profile_of(member, state=ProfileState.UNIT_VETTING),
    "refused": lambda member: profile_of(member, state=ProfileState.REFUSED),
    "in a relationship": lambda member: profile_of(member, state=ProfileState.MATCHED),
    "left": lambda member: profile_of(member, state=ProfileState.EXITED, exited_at=timezone.now()),
    "held after a report": lambda member: profile_of(member, held=True),
    "the word ran out": lambda member: profile_of(member, verified_until=TODAY()),
    "word of another unit": lambda member: profile_of(member, vouched_unit=make_unit()),
    "married by the roster": lambda member: Member.objects.filter(pk=member.pk).update(
        marital_status=MaritalStatus.OTHER
    ),
    "no account": lambda member: Member.objects.filter(pk=member.pk).update(is_active=False),
    "vouching ran out": lambda member: Member.objects.filter(pk=member.pk).update(standing_until=TODAY()),
    "married by a pair": married_by_pair,
    "engaged by a pair": lambda member: married_by_pair(member, PairState.ENGAGED),
    "in a group wedding": married_by_wedding,
}


@pytest.fixture(params=NO_STANDING, ids=lambda name: name)
def lose(request):
    return NO_STANDING[request.param]


def refused(service, **arguments):
    before = list(Participation.objects.order_by("pk").values_list("pk", "state"))
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        service(**arguments)
    assert list(Participation.objects.order_by("pk").values_list("pk", "state")) == before
    return refusal.value


@pytest.fixture(params=[ProfileState.VERIFIED, ProfileState.ACTIVE, ProfileState.PAUSED])
def state(request):
    return request.param


def test_whose_declaration_was_confirmed_joins(state):
    member = make_single(make_unit())
    profile_of(member, state=state)
    event = make_event(member.organization)
    row, _created = event_join(event=event, member=member, actor=member, line=LINE)
    assert row.state == SignUpState.CONFIRMED


def test_every_door_is_shut(lose, rf):
    """Every way to join is closed.

    Joining oneself, an entry by staff, at the entrance, by invitation, over a list, from the waiting list, by an offer,
    by review.
    """
    city = make_organization()
    unit, cadre = make_unit(city), make_staff(city)
    member = make_single(unit, identity_kind="resident", identity_number=identity_number(77))
    event = make_event(city, created_by=cadre)
    invited = make_event(city, created_by=cadre, restricted=True)
    make_invitation(invited, member)
    now = timezone.now()
    begun = put_event(
        make_event(city, created_by=cadre),
        EventState.RUNNING,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )
    waits = make_participation(make_event(city, created_by=cadre), member, state=SignUpState.WAITLISTED)
    offered = make_participation(make_event(city, created_by=cadre), member, state=SignUpState.OFFERED)
    applied = make_participation(make_event(city, created_by=cadre), member, state=SignUpState.APPLIED)
    lose(member)
    member = Member.objects.select_related("organization").get(pk=member.pk)

    refused(event_join, event=event, member=member, actor=member, line=LINE)
    refused(place_offer, event=event, member=member, actor=cadre)
    refused(event_join, event=invited, member=member, actor=member, line=LINE)
    refused(walk_in, event=begun, member=member, line=LINE)
    assert place_refusal(event=event, member=member)
    assert engine.promote(offering=waits.offering).offered == ()
    refused(offer_accept, participation=offered, actor=member, agreed=True)
    refused(engine.review, signup=applied, accept=True, actor=cadre)
    assert signups_review(participations=Participation.objects.filter(pk=applied.pk), accept=True, actor=cadre) == 0
    assert not Participation.objects.filter(member=member, state=SignUpState.CONFIRMED, offering__in=[event, begun])


def test_the_page_says_why_to_the_person_and_staff_read_one_sentence(lose):
    city = make_organization()
    member, cadre = make_single(make_unit(city)), make_staff(city)
    event = make_event(city, created_by=cadre)
    roster_alone = {"marital_status": MaritalStatus.OTHER}
    lose(member)
    member = Member.objects.select_related("organization").get(pk=member.pk)
    if member.is_active:
        page = sign_in(Client(), member).get(event.get_member_url()).content.decode()
        assert str(event.refusal(member, timezone.now())) in page
        assert reverse("matchmaking:meet-join", args=[event.slug]) not in page
    to_staff = str(event.refusal(member, timezone.now(), Door.STAFF))
    known = Member.objects.filter(pk=member.pk, **roster_alone).exists()
    other = make_single(make_unit(city))
    gone(other)
    assert known or to_staff == str(event.refusal(other, timezone.now(), Door.STAFF))


def test_a_list_with_such_a_person_is_a_wrong_list(lose):
    city = make_organization()
    cadre = make_staff(city)
    member = make_single(make_unit(city))
    event = make_event(city, created_by=cadre)
    lose(member)
    member = Member.objects.select_related("organization").get(pk=member.pk)

    class Row:
        line, data = 2, {"event": event.pk, "person": "x"}
        wrong = staticmethod(lambda column, words, advice="": (column, words))
        known = staticmethod(lambda column, words: None)

    context = {"events": {event.pk: event}, "people": {"X": member}, "listed": set()}
    assert [column for column, _words in ParticipantRegister().check(context=context, rows=[Row])] == ["person"]


def test_the_next_step_of_an_event_leaves_out_whose_standing_has_ended(lose, settings, tmp_path):
    """Each next step of an event leaves out people whose standing has ended.

    Check-in, table, choice and reveal check again; a person who has lost standing is in none of them.
    """
    settings.KEY_DIR = tmp_path
    city = make_organization()
    cadre = make_staff(city)
    event = make_event(city, created_by=cadre)
    her, him = (make_participation(event, make_single(make_unit(city), sex)) for sex in (Sex.FEMALE, Sex.MALE))
    event = open_choice(event)
    her, him = (Participation.objects.select_related("offering", "member").get(pk=row.pk) for row in (her, him))
    for row, other in ((her, him), (him, her)):
        choices_set(participation=row, chosen=[other.pk], actor=row.member)
    lose(her.member)
    her = Participation.objects.select_related("offering", "member").get(pk=her.pk)

    assert list(Participation.objects.candidates_of(him)) == []
    assert refused(choices_set, participation=her, chosen=[him.pk], actor=her.member).code == "no-standing"
    assert [list(side) for side in seats_people(event)] == [[him], []]
    assert check_in(event=event, row=her, actor=cadre).arrival == Arrival.NOT_CONFIRMED
    event_reveal(event=event, actor=cadre)
    assert not Pair.objects.filter(event=event).exists()
    assert list(event.signups.filter(state=SignUpState.CONFIRMED)) == [him]
    assert Message.objects.filter(kind="matchmaking.standing_over", recipient=her.member).count() == 1


@pytest.mark.parametrize("step", ["open", "reveal", "begin", "shortlist", "clock"])
def test_the_clock_and_each_step_end_what_a_date_has_ended(step, settings, tmp_path):
    settings.KEY_DIR = tmp_path
    city = make_organization()
    cadre = make_staff(city)
    event = make_event(city, created_by=cadre, women_quota=1)
    her = make_participation(event, make_single(make_unit(city)))
    waits = make_participation(event, make_single(make_unit(city)), state=SignUpState.WAITLISTED)
    if step == "reveal":
        event = open_choice(event)
    elif step != "clock":
        event = put_event(event, EventState.SIGNUP_CLOSED)
    profile_of(her.member, verified_until=TODAY())

    services_of = {
        "open": event_open_choice,
        "reveal": event_reveal,
        "begin": event_begin,
        "shortlist": event_shortlist,
    }
    if step == "clock":
        assert standings_keep_time() == 1
        assert standings_keep_time() == 0
    else:
        services_of[step](event=event, actor=cadre)

    her.refresh_from_db()
    waits.refresh_from_db()
    assert (her.state, her.line) == (SignUpState.WITHDRAWN, "")
    if step in ("begin", "shortlist", "clock"):
        assert waits.state == SignUpState.OFFERED
    message = Message.objects.get(kind="matchmaking.standing_over")
    assert message.recipient_id == her.member_id


def leave(member, **more):
    profile_exit(profile=SingleProfile.objects.get(member=member), actor=member)


def in_a_relationship(member, **more):
    profile_matched(profile=SingleProfile.objects.get(member=member), actor=member)


def held(member, city, **more):
    report = report_make(reporter=make_single(make_unit(city)), about=member, kind="money", words="借钱")
    handler = make_staff(city)
    report = report_take(report=report, actor=handler)
    report_settle(report=report, actor=handler, settled_as="substantiated", answer="属实", hold=True)


def pair_of(member, city):
    held_event = put_event(make_event(city), EventState.CLOSED)
    pair = make_pair(held_event, held_on=TODAY() - timedelta(days=9))
    Participation.objects.filter(pk=pair.one_id).update(member=member)
    return Pair.objects.select_related("event", "one__member", "two__member").get(pk=pair.pk)


def says(state):
    def both_say(member, city, **more):
        pair = pair_of(member, city)
        for one in (pair.one.member, pair.two.member):
            pair_say(pair=pair, actor=one, says=state, on=TODAY())

    return both_say


def wed(member, city, **more):
    make_couple(make_wedding(city), asker=member)


def roster(member, city, **more):
    person = Member.objects.get(pk=member.pk)
    member_update(actor=make_staff(city), member=person, version=person.version, marital_status=MaritalStatus.OTHER)


def transferred(member, city, **more):
    target = make_unit(city)
    cadre = make_staff(target)
    row = transfer_ask(actor=cadre, organization=target, identity_number=member.identity_number)
    transfer_confirm(transfer=row, actor=make_staff(member.organization))


def erased(member, city, **more):
    member_erase(member=Member.objects.get(pk=member.pk), actor=make_staff(city))


def voided(member, **more):
    profile_of(member, verified_until=TODAY())
    profiles_keep_time()


ENDS = {
    "leaving": leave,
    "in a relationship": in_a_relationship,
    "held after a report": held,
    "both say engaged": says(PairState.ENGAGED),
    "both say married": says(PairState.REGISTERED),
    "a wedding both confirmed": wed,
    "the roster says not single": roster,
    "a transfer": transferred,
    "erased": erased,
    "the word is void": voided,
}


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize(
    "place", [SignUpState.CONFIRMED, SignUpState.WAITLISTED, SignUpState.OFFERED, SignUpState.APPLIED]
)
def test_what_ends_standing_ends_open_sign_ups_in_its_own_transaction(how, place):
    city = make_organization()
    member = make_known(make_unit(city), identity_kind="resident", identity_number=identity_number(78))
    event = make_event(city, women_quota=1)
    over = put_event(make_event(city), EventState.REVEALED)
    row = make_participation(event, member, state=place)
    past = make_participation(over, member)
    next_one = make_participation(event, make_single(make_unit(city)), state=SignUpState.WAITLISTED)

    ENDS[how](member, city=city)

    row.refresh_from_db()
    past.refresh_from_db()
    next_one.refresh_from_db()
    assert row.state == SignUpState.WITHDRAWN
    assert past.state == SignUpState.CONFIRMED
    if place in (SignUpState.CONFIRMED, SignUpState.OFFERED):
        assert next_one.state == SignUpState.OFFERED
    told = Message.objects.filter(kind="matchmaking.standing_over", recipient=member)
    assert told.count() == (0 if how == "erased" else 1)


def test_one_side_saying_it_ends_nothing():
    city = make_organization()
    member = make_known(make_unit(city))
    row = make_participation(make_event(city), member)
    pair = pair_of(member, city)
    pair_say(pair=pair, actor=pair.two.member, says=PairState.REGISTERED, on=TODAY())
    couple_ask(wedding=make_wedding(city), actor=make_known(city, Sex.MALE), phone=member.phone)
    assert Participation.objects.get(pk=row.pk).state == SignUpState.CONFIRMED
    assert SingleProfile.objects.standing().filter(member=member).exists()


def test_search_suggestions_and_introductions_ask_the_same(lose):
    city = make_organization()
    hers, his = make_profile(unit=make_unit(city)), make_profile(unit=make_unit(city), sex=Sex.MALE)
    if lose is not gone:
        asked = make_introduction(hers, his)
    lose(hers.member)
    hers, his = (SingleProfile.objects.select_related("member").filter(pk=row.pk).first() for row in (hers, his))
    assert list(SingleProfile.objects.findable_by(his)) == []
    assert suggestions(his) == []
    assert introduction_suggestions(his) == []
    if hers is None:
        return
    Introduction.objects.filter(pk=asked.pk).delete()
    with pytest.raises(DomainError):
        introduction_ask(member=his.member, profile=hers)
    asked = make_introduction(hers, his)
    for person in (hers.member, his.member):
        introduction_answer(introduction=asked, actor=person, answer="yes")
    assert Introduction.objects.get(pk=asked.pk).state == "asked"


def test_the_rule_and_its_sentence_agree(lose):
    member = make_single(make_unit())
    event = make_event(member.organization)
    assert event.standing_refusal(member) == ""
    lose(member)
    assert event.standing_refusal(Member.objects.get(pk=member.pk))


def test_a_refused_couple_is_single_again():
    city = make_organization()
    couple = make_couple(make_wedding(city))
    assert not SingleProfile.objects.standing().filter(member=couple.asker).exists()
    couple_leave(couple=couple, actor=couple.asker)
    assert WeddingCouple.objects.get(pk=couple.pk).state == CoupleState.WITHDRAWN
    assert SingleProfile.objects.standing().filter(member=couple.asker).exists()
