"""Matchmakers of an event and the even share of participants."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from matchmaking.models import EventMatchmaker, Participation
from matchmaking.services.matchmakers import matchmakers_set
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.signups.choices import LIVE, SignUpState
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.members import make_member

pytestmark = pytest.mark.django_db


def put_in(event, members):
    return matchmakers_set(event=event, members=members, actor=event.created_by)


def loads(event):
    """Return the number of participants of each matchmaker."""
    rows = event.signups.filter(state__in=LIVE).values_list("matchmaker__member", flat=True)
    return Counter(rows)


@pytest.mark.parametrize(("people", "matchmakers"), [(0, 2), (1, 3), (7, 3), (12, 5), (6, 6)])
def test_shares_differ_by_one_at_most(people, matchmakers):
    event = make_event()
    for number in range(people):
        make_participation(event, sex=Sex.MALE if number % 3 else Sex.FEMALE)
    members = [make_member(event.organization) for _number in range(matchmakers)]
    assert put_in(event, members) == people
    shares = [loads(event)[member.pk] for member in members]
    assert sum(shares) == people
    assert max(shares) - min(shares) <= 1


def test_who_left_is_nobodys_and_who_waits_is_somebodys():
    event = make_event()
    rows = {state: make_participation(event, state=state) for state in SignUpState}
    put_in(event, [make_member(event.organization)])
    assert {state for state, row in rows.items() if Participation.objects.get(pk=row.pk).matchmaker} == set(LIVE)


def test_who_takes_part_is_no_matchmaker():
    event = make_event()
    row = make_participation(event)
    with pytest.raises(DomainError) as refusal:
        put_in(event, [make_member(event.organization), row.member])
    assert refusal.value.code == "takes-part"
    assert not event.matchmakers.exists()


def test_who_is_left_out_ends_and_her_people_go_to_the_others():
    event = make_event()
    for _number in range(6):
        make_participation(event)
    first, second, third = [make_member(event.organization) for _number in range(3)]
    put_in(event, [first, second])
    yesterday = timezone.localdate() - timedelta(days=1)
    EventMatchmaker.objects.filter(member=first).update(valid_from=yesterday)

    put_in(event, [second, third])

    assert loads(event) == {second.pk: 3, third.pk: 3}
    assert EventMatchmaker.objects.get(member=first).valid_until == timezone.localdate()
    assert not EventMatchmaker.objects.of(first).exists()
    assert EventMatchmaker.objects.of(second).count() == 1
    assert event.matchmakers.count() == 3


def test_the_same_set_twice_changes_nothing():
    event = make_event()
    make_participation(event)
    members = [make_member(event.organization) for _number in range(2)]
    put_in(event, members)
    before = list(event.matchmakers.order_by("pk").values())
    put_in(event, members)
    assert list(event.matchmakers.order_by("pk").values()) == before


def test_nobody_at_all_leaves_nobody_shared():
    event = make_event()
    make_participation(event)
    member = make_member(event.organization)
    put_in(event, [member])
    assert put_in(event, []) == 0
    assert loads(event) == {None: 1}
    assert not EventMatchmaker.objects.filter(event=event).exists()


def test_a_matchmaker_of_one_event_is_none_of_another():
    event, other = make_event(), make_event()
    member = make_member(event.organization)
    put_in(event, [member])
    put_in(other, [])
    assert [row.event for row in EventMatchmaker.objects.of(member)] == [event]
