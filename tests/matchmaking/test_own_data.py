"""What matchmaking reports to a single about their data, and who can see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matchmaking import consents, own_data
from matchmaking.choices.pairs import PairState
from matchmaking.models import EventMatchmaker, Pair
from portal.core.choices import Sex
from portal.members.services.consents import consent_give, consent_withdraw
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.members import make_member, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    event = make_event(make_organization())
    one, two = make_participation(event), make_participation(event, sex=Sex.MALE)
    return Pair.objects.create(event=event, one=one, two=two, held_on=timezone.localdate())


def named(member):
    return [(str(row.who), row.about) for row in own_data.assigned(member)]


def test_a_matchmaker_is_named_to_her_own_people_alone(pair):
    helper = make_member(name="示例红娘")
    given = EventMatchmaker.objects.create(event=pair.event, member=helper, valid_from=timezone.localdate())
    pair.one.matchmaker = given
    pair.one.save()
    assert sum("示例红娘" in who for who, _about in named(pair.one.member)) == 1
    assert not any("示例红娘" in who for who, _about in named(pair.two.member))


def test_the_other_one_of_a_pair_is_named_while_she_agrees(pair):
    one = pair.one.member
    before = named(one)
    for purpose in (consents.PAIR_CONTACT, consents.PAIR_MATCHMAKER):
        consent_give(member=one, purpose=purpose, about_id=pair.pk)
    added = [who for who, _about in named(one)[len(before) :]]
    assert len(added) == 2
    assert pair.two.number in added[0]
    assert named(pair.two.member) == [(who, about) for who, about in before]
    for purpose in (consents.PAIR_CONTACT, consents.PAIR_MATCHMAKER):
        consent_withdraw(member=one, purpose=purpose, about_id=pair.pk)
    assert named(one) == before


def test_who_left_is_shown_to_nobody_of_the_event():
    row = make_participation(make_event(make_organization()), state=SignUpState.WITHDRAWN)
    assert named(row.member) == []


def test_the_file_names_the_other_one_by_number(pair):
    """Of what the two reported about themselves, the file holds only the person's own report."""
    Pair.objects.update(one_says=PairState.ENGAGED, two_says=PairState.DATING, state=PairState.DATING)
    (row,) = own_data.pair_rows(pair.one.member)
    state, own = PairState.DATING.label, PairState.ENGAGED.label
    assert row[:6] == (pair.event.title, pair.held_on, pair.two.number, state, own, None)


def test_the_page_costs_the_same_for_one_event_and_for_three(client, pair):
    member = pair.one.member
    sign_in(client, member)
    path = reverse("members:member-readers")

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    queries()
    before = queries()
    for _number in range(2):
        make_participation(make_event(make_organization()), member=member)
    assert queries() == before <= 20  # one query for each declared kind of reader
