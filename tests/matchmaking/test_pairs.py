"""What the two of a pair report about themselves; nobody reads it before both have reported it."""

import re
import time
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.choices.pairs import SAYINGS, STAGES, PairState
from matchmaking.models import EventMatchmaker, Pair
from matchmaking.selectors.pairs import pair_stages, partners_here
from matchmaking.services.follow_ups import follow_up_record, follow_ups_open
from matchmaking.services.pairs import erase_pairs, pair_quiet, pair_say
from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.messaging.models import Message
from tests.factories.matchmaking import make_event, make_participation, make_single, put_event
from tests.factories.matchmaking_pairs import make_pair
from tests.factories.members import make_duty, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def say(pair, side, says, on=None):
    member = getattr(pair, side).member
    return pair_say(pair=pair, actor=member, says=says, on=on)


def refused(pair, side, says, on=None):
    before = Pair.objects.values().get(pk=pair.pk)
    with pytest.raises(DomainError) as refusal:
        say(pair, side, says, on)
    assert Pair.objects.values().get(pk=pair.pk) == before
    return refusal.value.code


def test_the_pair_goes_on_to_what_both_say_and_to_nothing_else():
    """Every sequence of three reports by two people."""
    stages = (PairState.DATING, PairState.ENGAGED, PairState.REGISTERED)
    day = TODAY()
    pair = make_pair()
    sayings = list(product(("one", "two"), stages))
    for walk in product(sayings, repeat=3):
        says = {"one": PairState.HAND_HOLDING, "two": PairState.HAND_HOLDING}
        state = PairState.HAND_HOLDING
        with transaction.atomic():
            for side, stage in walk:
                if state == PairState.REGISTERED or STAGES.index(stage) < STAGES.index(state):
                    assert refused(pair, side, stage, day) in {"settled", "no-way-back"}
                    continue
                say(pair, side, stage, day)
                says[side] = stage
                if says["one"] == says["two"]:
                    state = max(state, stage, key=STAGES.index)
                assert Pair.objects.get(pk=pair.pk).state == state, walk
            transaction.set_rollback(True)


def test_a_wedding_counts_once_both_name_the_same_day():
    pair = make_pair(held_on=TODAY() - timedelta(days=60))
    day, other = TODAY() - timedelta(days=3), TODAY() - timedelta(days=4)
    assert refused(pair, "one", PairState.REGISTERED) == "day-missing"
    assert refused(pair, "one", PairState.REGISTERED, TODAY() + timedelta(days=1)) == "day-impossible"
    assert refused(pair, "one", PairState.REGISTERED, TODAY() - timedelta(days=61)) == "day-impossible"

    say(pair, "one", PairState.REGISTERED, day)
    differing = say(pair, "two", PairState.REGISTERED, other)
    assert (differing.state, differing.registered_on) == (PairState.ENGAGED, None)
    assert Message.objects.filter(kind="matchmaking.pair_dates").count() == 2

    married = say(pair, "two", PairState.REGISTERED, day)
    assert (married.state, married.registered_on) == (PairState.REGISTERED, day)
    assert set(pair.follow_ups.values_list("state", flat=True)) == {FollowUpState.STOPPED}
    assert refused(pair, "one", PairState.ENDED) == "settled"


@pytest.mark.parametrize("side", ["one", "two"])
def test_one_alone_ends_it_and_no_row_says_who(side):
    pair = make_pair()
    other = "two" if side == "one" else "one"
    say(pair, other, PairState.DATING)
    messages = Message.objects.count()

    ended = say(pair, side, PairState.ENDED)

    assert (ended.state, ended.ended_on) == (PairState.ENDED, TODAY())
    assert ended.one_says == ended.two_says == PairState.ENDED
    assert Message.objects.count() == messages
    entries = AuditEntry.objects.about(pair).filter(to_state=PairState.ENDED)
    assert [(row.actor_id, row.clock) for row in entries] == [(None, "matchmaking.pair")]
    assert {"one_says", "two_says"} <= set(entries[0].fields)
    assert set(pair.follow_ups.values_list("state", flat=True)) == {FollowUpState.STOPPED}
    assert refused(pair, other, PairState.DATING) == "settled"


@pytest.mark.parametrize("side", ["one", "two"])
def test_either_stops_the_follow_ups_and_no_entry_says_who(side):
    pair = make_pair()
    row = pair.follow_ups.order_by("due_on").first()
    follow_up_record(follow_up=row, actor=pair.event.created_by, result="reached")
    messages = Message.objects.count()
    mark = AuditEntry.objects.order_by("-pk").first().pk

    pair_quiet(pair=pair, actor=getattr(pair, side).member)
    pair_quiet(pair=pair, actor=getattr(pair, "one" if side == "two" else "two").member)

    assert list(pair.follow_ups.order_by("due_on").values_list("state", flat=True)) == ["done", "stopped", "stopped"]
    entries = AuditEntry.objects.filter(pk__gt=mark)
    assert sorted((entry.action, entry.actor_id, entry.clock) for entry in entries) == [
        ("matchmaking.followup.stopped", None, "matchmaking.pair"),
        ("matchmaking.followup.stopped", None, "matchmaking.pair"),
        ("pair.quiet", None, "matchmaking.pair"),
    ]
    assert Message.objects.count() == messages


def test_only_the_two_say_anything():
    pair = make_pair()
    for actor in (pair.event.created_by, make_member()):
        for action, extra in ((pair_say, {"says": PairState.DATING}), (pair_quiet, {})):
            with pytest.raises(DomainError) as refusal:
                action(pair=pair, actor=actor, **extra)
            assert refusal.value.code == "not-yours"


def readers(pair, helper):
    """Return the people who might look at the pair.

    These are staff here and above, administrators, the woman's unit, the matchmaker, the other person of the pair, and
    a colleague.
    """
    city, unit = pair.event.organization, pair.one.member.organization
    roles = (Role.CHAIR, Role.REVIEWER, Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)
    found = {f"{role} here": make_staff(city, role) for role in roles}
    found |= {"chair above": make_staff(make_province()), "chair of her unit": make_staff(unit)}
    return found | {"matchmaker": helper, "the other one": pair.two.member, "colleague": make_single(unit)}


def pages(pair):
    """Return the addresses that could show something of a pair."""
    event, follow_up = pair.event, pair.follow_ups.first()
    names = ("event-pairs", "event-detail", "event-participants", "event-matchmakers")
    listed = ("event-list", "follow-up-list", "pair-here", "caseload-list", "meet-list", "ceremony-list", "ticket-list")
    return [
        *(reverse(f"matchmaking:{name}", args=[event.pk]) for name in names),
        *(reverse(f"matchmaking:{name}") for name in listed),
        follow_up.get_absolute_url(),
        reverse("matchmaking:pair-detail", args=[pair.pk]),
        reverse("matchmaking:pair-say", args=[pair.pk]),
        event.get_member_url(),
        reverse("home"),
        reverse("messaging:inbox"),
        reverse("members:me"),
        reverse("members:member-readers"),
        reverse("admin:messaging_message_changelist"),
        f"{reverse('exchange:export-run-start')}?list={reverse('matchmaking:event-pairs', args=[event.pk])}",
        reverse("audit:entry-list"),
    ]


def seen(clients, asked):
    """Return the answers to ``asked``, pairs of reader and address, without the parts that always change."""
    found = {}
    for name, address in asked:
        response = clients[name].get(address)
        text = re.sub(r"<time.*?</time>|[A-Za-z0-9+/=_-]{22,}", "-", response.content.decode())
        if address == reverse("audit:entry-list"):
            # Reading the audit is recorded in the audit, so the list grows when it is read.
            text = str(len(re.findall("pair", text)))
        found[name, address] = (response.status_code, text)
    return found


def export_of(pair, actor):
    """Return the rows that the list of pairs exports."""
    rows = Pair.objects.reached_by(actor, "export").filter(event=pair.event)
    return list(rows.values_list("pk", "state", "registered_on"))


def test_a_one_sided_word_is_seen_by_nobody():
    """Every page of every reader is the same before and after one of the two has reported something."""
    city = make_organization()
    event = make_event(city)
    helper = make_member(city)
    given = EventMatchmaker.objects.create(event=event, member=helper, valid_from=TODAY())
    one = make_participation(event, make_single(make_unit(city)), matchmaker=given)
    two = make_participation(event, make_single(make_unit(city), Sex.MALE), matchmaker=given)
    pair = Pair.objects.create(event=event, one=one, two=two, held_on=TODAY() - timedelta(days=9))
    follow_ups_open(pairs=[pair], held_on=pair.held_on)
    put_event(event, EventState.REVEALED)
    pair = Pair.objects.select_related("event__organization", "one__member", "two__member").get(pk=pair.pk)
    clients = {}
    for name, member in readers(pair, helper).items():
        clients[name] = sign_in(Client(), member)
        session = clients[name].session
        session["code_at"] = int(time.time()) + 600
        session.save()
    first = seen(clients, product(clients, pages(pair)))
    asked = [key for key, (status, _text) in first.items() if status == 200]
    assert len(asked) > 40

    before = seen(clients, asked)
    entries, messages = AuditEntry.objects.exclude(action="audit.read").count(), Message.objects.count()
    for says in (PairState.DATING, PairState.REGISTERED):
        say(pair, "one", says, TODAY())
    assert AuditEntry.objects.exclude(action="audit.read").count() == entries
    assert Message.objects.count() == messages
    after = seen(clients, asked)
    assert [key for key in asked if before[key] != after[key]] == []
    assert export_of(pair, event.created_by) == [(pair.pk, PairState.HAND_HOLDING, None)]

    # The comparison does detect changes: once both have reported the same, pages change.
    for side in ("one", "two"):
        say(pair, side, PairState.DATING)
    watched = [key for key in asked if key[0] in {"the other one", "chair here", "matchmaker"}]
    final = seen(clients, watched)
    assert {name for name, address in watched if final[name, address] != before[name, address]} == {
        "the other one",
        "chair here",
        "matchmaker",
    }


def test_the_saying_page_offers_nothing_below_what_both_said(client):
    pair = make_pair(state=PairState.ENGAGED, one_says=PairState.ENGAGED, two_says=PairState.ENGAGED)
    sign_in(client, pair.one.member)
    session = client.session
    session["code_at"] = int(time.time())
    session.save()
    address = reverse("matchmaking:pair-say", args=[pair.pk])
    offered = re.findall(r'name="says" value="(\w+)"', client.get(address).content.decode())
    offered = offered or re.findall(r'value="(\w+)"[^>]*name="says"', client.get(address).content.decode())
    assert set(offered) <= {*SAYINGS} - {PairState.DATING}
    assert client.post(address, {"says": "registered"}).status_code == 422
    assert client.post(address, {"says": "dating"}).status_code == 422
    assert client.post(address, {"says": "ended"}).status_code == 302
    assert Pair.objects.get().state == PairState.ENDED


def test_pairs_have_numbers_of_their_event_and_stages():
    event, other = make_event(), make_event()
    make_pair(other)
    made = [make_pair(event), make_pair(event, state=PairState.DATING), make_pair(event, state=PairState.ENGAGED)]
    numbers = dict(Pair.objects.filter(event=event).numbered().values_list("pk", "number"))
    assert numbers == {pair.pk: place for place, pair in enumerate(made, start=1)}
    stages = pair_stages(event)
    assert (stages.dating, stages.engaged, stages.registered) == (1, 1, 0)


def test_couples_are_counted_where_a_partner_belongs_and_once_above():
    """A pair from two cities counts once in each city and once in the province, and never for a unit."""
    province = make_province()
    here, there = make_organization(), make_organization()
    event = make_event(here)
    her = make_participation(event, make_single(make_unit(here)))
    him = make_participation(event, make_single(make_unit(there), Sex.MALE))
    low, high = sorted((her, him), key=lambda row: row.pk)
    Pair.objects.create(event=event, one=low, two=high, held_on=TODAY())

    def counts(paths):
        return {row.organization.pk: row.couples for row in partners_here(paths)}

    assert counts([province.path]) == {province.pk: 1, here.pk: 1, there.pk: 1}
    assert counts([there.path]) == {there.pk: 1}
    assert counts([her.member.organization.path]) == {}


def test_erasing_forgets_what_she_said_and_the_notes():
    pair = make_pair()
    row = pair.follow_ups.first()
    follow_up_record(follow_up=row, actor=pair.event.created_by, result="reached", words="示例")
    say(pair, "one", PairState.DATING)
    assert erase_pairs(pair.one.member) == 1
    kept = Pair.objects.get()
    assert (kept.one_says, kept.two_says, kept.quiet) == (PairState.HAND_HOLDING, PairState.HAND_HOLDING, True)
    row.refresh_from_db()
    assert (row.words, row.state) == ("", FollowUpState.DONE)


def test_a_duty_of_her_unit_opens_no_pair(client):
    pair = make_pair()
    make_duty(pair.one.member, pair.one.member.organization)
    for pk in pair.follow_ups.values_list("pk", flat=True):
        sign_in(client, make_staff(make_unit(pair.event.organization)))
        assert client.get(reverse("matchmaking:follow-up-detail", args=[pk])).status_code == 404
