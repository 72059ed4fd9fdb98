"""Review of sign-ups, sign-up by staff, and why a waiting list moves or does not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import Pool
from matchmaking.imports import ParticipantRegister, VenueRegister
from matchmaking.models import Participation, Venue
from matchmaking.selectors.participations import event_lines, own_line_words
from matchmaking.services.participations import event_join, event_leave, offer_accept
from matchmaking.services.reviewing import place_offer, places_take_back, signup_accept, signup_decline
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.exchange.registers import Row
from portal.members.models import Consent
from portal.messaging.models import Message
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import LINE, make_event, make_participation, make_single, put_event
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    settings.PRIVATE_STORAGE_DIR = tmp_path / "files"


def join(event, sex=Sex.FEMALE):
    member = make_single(event.organization, sex)
    return event_join(event=event, member=member, actor=member, line=LINE)[0]


def told(member):
    return list(
        Message.objects.filter(recipient=member, channel="in_app").order_by("pk").values_list("kind", "context__state")
    )


def test_a_reviewed_event_takes_nobody_before_the_review():
    event = make_event(needs_review=True, women_quota=1)
    first, second, third = join(event), join(event), join(event)
    assert {row.state for row in (first, second, third)} == {SignUpState.APPLIED}
    assert signup_accept(participation=first, actor=event.created_by).state == SignUpState.CONFIRMED
    assert signup_accept(participation=second, actor=event.created_by).state == SignUpState.WAITLISTED
    assert told(first.member) == [("matchmaking.joined", "applied"), ("matchmaking.joined", "confirmed")]
    row = signup_decline(participation=third, actor=event.created_by, reason="名额留给一线职工")
    assert (row.state, row.review_reason) == (SignUpState.DECLINED, "名额留给一线职工")
    assert told(third.member)[-1] == ("matchmaking.signup_declined", None)
    assert not Consent.objects.standing().filter(member=third.member).exists()


@pytest.mark.parametrize("state", SignUpState)
def test_only_who_waits_for_review_is_judged(state):
    event = make_event(needs_review=True)
    for accept in (True, False):
        row = make_participation(event, state=state)
        action = signup_accept if accept else signup_decline
        given = {} if accept else {"reason": "x"}
        if state == SignUpState.APPLIED:
            action(participation=row, actor=event.created_by, **given)
        else:
            with pytest.raises(DomainError):
                action(participation=row, actor=event.created_by, **given)
            assert Participation.objects.get(pk=row.pk).state == state


def test_accepting_one_list_may_move_the_other():
    event = make_event(needs_review=True, balance_tolerance=0, men_quota=5, women_quota=5)
    her, him = join(event), join(event, Sex.MALE)
    assert signup_accept(participation=her, actor=event.created_by).state == SignUpState.WAITLISTED
    assert signup_accept(participation=him, actor=event.created_by).state == SignUpState.WAITLISTED


def test_several_are_judged_at_once_on_the_page(client):
    event = make_event(needs_review=True, women_quota=9)
    rows = [join(event) for _number in range(4)]
    elsewhere = join(make_event(needs_review=True))
    sign_in(client, event.created_by)
    address = reverse("matchmaking:event-review", args=[event.pk])
    assert all(row.number in client.get(address).content.decode() for row in rows)
    client.post(address, {"action": "accept", "pk": [rows[0].pk, rows[1].pk, elsewhere.pk]})
    sent = client.post(address, {"action": "decline", "pk": [rows[2].pk, elsewhere.pk]})
    assert client.get(sent.url).status_code == 200
    assert client.post(sent.url, {"reason": "x"}).status_code == 302
    one = reverse("matchmaking:participation-decline", args=[rows[3].pk])
    assert client.post(one, {"reason": "y"}).status_code == 302
    assert client.get(one).status_code == 404
    states = dict(Participation.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in [*rows, elsewhere]] == [
        "confirmed",
        "confirmed",
        "declined",
        "declined",
        "applied",
    ]


def test_staff_offer_a_place_and_she_confirms_it_with_her_own_words():
    event = make_event()
    member = make_single(make_unit(event.organization))
    row, created = place_offer(event=event, member=member, actor=event.created_by)
    assert (created, row.state, row.line, row.consent_version) == (True, SignUpState.OFFERED, "", 0)
    assert told(member) == [("matchmaking.offered", None)]
    assert place_offer(event=event, member=member, actor=event.created_by) == (row, False)
    for given, code in (
        ({}, "line-empty"),
        ({"line": LINE}, "not-agreed"),
        ({"line": "微信同号", "agreed": True}, "line-contact"),
    ):
        with pytest.raises(DomainError) as refusal:
            offer_accept(participation=row, actor=member, **given)
        assert refusal.value.code == code
    assert Participation.objects.get().state == SignUpState.OFFERED
    row = offer_accept(participation=row, actor=member, line=LINE, agreed=True)
    assert (row.state, row.line, row.consent_version) == (SignUpState.CONFIRMED, LINE, 1)
    assert Consent.objects.standing().get().member == member


def test_staff_put_nobody_past_the_line_or_the_quota():
    event = make_event(women_quota=1)
    join(event)
    waiting = join(event)
    member = make_single(event.organization)
    row, _created = place_offer(event=event, member=member, actor=event.created_by)
    assert (waiting.state, row.state) == (SignUpState.WAITLISTED, SignUpState.WAITLISTED)
    assert told(member) == [("matchmaking.joined", "waitlisted")]


def test_no_card_of_hers_is_shown_before_she_agreed():
    event = make_event()
    him = make_participation(event, sex=Sex.MALE)
    row = make_participation(event, consent_version=0, line="")
    assert row not in Participation.objects.candidates_of(him)
    Participation.objects.filter(pk=row.pk).update(consent_version=1)
    assert row in Participation.objects.candidates_of(him)


def test_the_page_on_which_she_takes_the_place(client):
    event = make_event()
    member = make_single(make_unit(event.organization))
    place_offer(event=event, member=member, actor=event.created_by)
    sign_in(client, member)
    address = reverse("matchmaking:meet-accept", args=[event.slug])
    page = client.get(address).content.decode()
    assert ('name="line"' in page, 'name="agree"' in page) == (True, True)
    assert client.post(address, {"line": LINE}).status_code == 422
    assert client.post(address, {"line": LINE, "agree": "on"}).status_code == 302
    assert Participation.objects.get().state == SignUpState.CONFIRMED


def test_a_place_offered_from_the_waiting_list_asks_for_nothing_more(client):
    event = make_event(women_quota=1)
    first, second = join(event), join(event)
    event_leave(participation=first, actor=first.member)
    sign_in(client, second.member)
    address = reverse("matchmaking:meet-accept", args=[event.slug])
    page = client.get(address).content.decode()
    assert ('name="line"' in page, 'name="agree"' in page) == (False, False)
    assert client.post(address).status_code == 302
    assert Participation.objects.get(pk=second.pk).state == SignUpState.CONFIRMED


def test_adding_a_member_on_the_desk(client):
    event = make_event()
    member = make_single(make_unit(event.organization), name="示例钱丙")
    stranger = make_single(make_unit(make_organization()))
    sign_in(client, event.created_by)
    address = reverse("matchmaking:event-add", args=[event.pk])
    sent = client.post(reverse("matchmaking:event-find", args=[event.pk]), {"term": "示例钱丙", "page": "event-add"})
    assert member.name in client.get(sent.url).content.decode()
    assert client.post(address, {"member": member.pk}).status_code == 302
    assert client.post(address, {"member": stranger.pk}).status_code == 404
    assert client.post(address, {"member": "x"}).status_code == 302
    assert event.signups.get().member == member


def rows_of(*pairs):
    return [
        Row(line, {"event": str(event), "person": person}, {"event": event, "person": person})
        for line, (event, person) in enumerate(pairs, start=2)
    ]


def test_people_are_put_on_the_lists_from_excel():
    event = make_event(women_quota=1)
    actor, register = event.created_by, ParticipantRegister()
    units = make_unit(event.organization)
    people = [make_single(units, phone=phone_number(700 + number)) for number in range(2)]
    known = make_participation(event, make_single(units, Sex.MALE, phone=phone_number(710))).member
    married = make_member(units, phone=phone_number(711), marital_status="other")
    away = make_single(make_unit(make_organization()), phone=phone_number(712))
    given = {"actor": actor, "organization": event.organization}
    rows = rows_of(
        *((event.pk, phone_number(700 + number)) for number in range(2)),
        (event.pk, phone_number(700)),
        (event.pk, phone_number(710)),
        (event.pk, phone_number(711)),
        (event.pk, phone_number(712)),
        (event.pk + 99, phone_number(701)),
    )
    context = register.prepare(**given, rows=rows)
    found = [(fault.line, fault.column, str(fault.level)) for fault in register.check(context=context, rows=rows)]
    assert found == [
        (4, "person", "fault"),
        (5, "person", "known"),
        (6, "person", "fault"),
        (7, "person", "fault"),
        (8, "event", "fault"),
    ]
    assert {married.pk, away.pk, known.pk}.isdisjoint({one.pk for one in people})

    class Run:
        row_ids = register.write(**given, rows=rows[:2], context=context, run=None)

    assert list(Participation.objects.filter(pk__in=Run.row_ids).order_by("place").values_list("state", flat=True)) == [
        "offered",
        "waitlisted",
    ]
    assert register.take_back(run=Run, actor=actor) == 2
    assert event.signups.filter(state="withdrawn").count() == 2


def test_an_import_is_not_taken_back_once_somebody_agreed():
    event = make_event()
    member = make_single(event.organization)
    row, _new = place_offer(event=event, member=member, actor=event.created_by)
    offer_accept(participation=row, actor=member, line=LINE, agreed=True)
    with pytest.raises(DomainError):
        places_take_back(participations=Participation.objects.all(), actor=event.created_by)
    assert Participation.objects.get().state == SignUpState.CONFIRMED


def test_venues_from_excel():
    city, register = make_organization(), VenueRegister()
    region = make_region()
    data = {"name": "示例文化宫", "kind": "park", "region": region.code, "address": "x", "capacity": 50}
    data |= {"desk_phone": "", "notes": ""}
    rows = [
        Row(2, {}, data),
        Row(3, {}, dict(data)),
        Row(4, {}, {**data, "region": "999999"}),
    ]
    given = {"actor": make_staff(city), "organization": city}
    context = register.prepare(**given, rows=rows)
    found = [(fault.line, fault.column) for fault in register.check(context=context, rows=rows)]
    assert found == [(3, "name"), (4, "region")]
    pks = register.write(**given, rows=rows[:1], context=context, run=None)
    assert list(Venue.objects.values_list("pk", "name", "region_id")) == [(pks[0], "示例文化宫", "230100")]
    again = register.prepare(**given, rows=rows[:1])
    assert [str(fault.level) for fault in register.check(context=again, rows=rows[:1])] == ["known"]


def test_both_registers_have_a_template(client):
    sign_in(client, make_staff(make_organization()))
    for code in ("matchmaking.venues", "matchmaking.participants"):
        assert client.get(reverse("exchange:import-start", args=[code])).status_code == 200
        assert client.get(reverse("exchange:import-template", args=[code])).status_code == 200


LINES = {
    "nobody": ({}, 0, 0, 0, "此名单无人候补。"),
    "full": ({"women_quota": 1}, 1, 0, 2, "名额已满。有人退出时通知下一位，保留 48 小时。"),
    "balance": (
        {"women_quota": 9, "balance_tolerance": 1},
        1,
        0,
        1,
        "有空余名额，但男女人数最多相差 1 人：另一组人数增加后再递补。",
    ),
    "free": ({"women_quota": 9}, 1, 0, 1, "有空余名额，正在通知下一位。"),
}


@pytest.mark.parametrize("name", LINES)
def test_the_line_says_why_it_moves_or_not(name):
    fields, women, men, waiting, words = LINES[name]
    event = make_event(**fields)
    for _number in range(women):
        make_participation(event)
    for _number in range(men):
        make_participation(event, sex=Sex.MALE)
    for _number in range(waiting):
        make_participation(event, state=SignUpState.WAITLISTED)
    found = {str(line["label"]): line["words"] for line in event_lines(event)}
    assert found == ({} if not waiting else {str(Pool.WOMEN.label): words})


def test_the_line_names_offers_units_and_the_end():
    event = make_event(women_quota=2, unit_cap=1)
    unit = make_unit(event.organization)
    make_participation(event, make_single(unit), unit=unit)
    row = make_participation(event, make_single(unit), unit=unit, state=SignUpState.WAITLISTED)
    assert "同一单位人数已达上限" in own_line_words(row)
    assert unit.name not in own_line_words(row)
    until = timezone.now() + timedelta(hours=5)
    make_participation(event, state=SignUpState.OFFERED, offered_until=until)
    words = own_line_words(row)
    assert f"{timezone.localtime(until):%m-%d %H:%M}" in words
    event = put_event(event, choice_opens_at=timezone.now(), signup_closes_at=timezone.now() - timedelta(hours=1))
    row = Participation.objects.select_related("offering").get(pk=row.pk)
    assert "不再递补" in own_line_words(row)
    row.state = SignUpState.APPLIED
    assert "审核" in own_line_words(row)


def test_her_own_page_and_the_desk_say_it_and_name_nobody(client):
    event = make_event(women_quota=1)
    first, second = join(event), join(event)
    sign_in(client, second.member)
    page = client.get(event.get_member_url()).content.decode()
    assert ("名额已满" in page, first.member.name in page, first.number in page) == (True, False, False)
    sign_in(client, event.created_by)
    page = client.get(reverse("matchmaking:event-participants", args=[event.pk])).content.decode()
    assert "名额已满" in page
