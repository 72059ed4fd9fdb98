"""An organiser names other matchmakers of an event.

What people let one matchmaker know is not passed on to the next one.
"""

import pytest
from django.utils import timezone

from matchmaking import consents
from matchmaking.choices.events import EventState
from matchmaking.models import Participation
from matchmaking.selectors.pairs import caseload_pairs
from matchmaking.services.matchmakers import matchmakers_set
from matchmaking.services.pairs import pair_set
from matchmaking.services.safety import block_set
from portal.members.models import Consent
from tests.factories.matchmaking import make_event, make_participation, put_event
from tests.factories.matchmaking_pairs import make_pair
from tests.factories.members import make_member, make_staff

pytestmark = pytest.mark.django_db


def share(event, *members):
    return matchmakers_set(event=event, members=members, actor=event.created_by)


def leave():
    return Consent.objects.standing().filter(purpose=consents.PAIR_MATCHMAKER.code)


def test_an_organiser_who_becomes_the_matchmaker_reads_no_names(settings):
    event = make_event()
    helper, officer = make_member(event.organization), make_staff(event.organization)
    pair = make_pair(event)
    share(event, helper)
    put_event(event, EventState.REVEALED)
    for row in (pair.one, pair.two):
        pair_set(pair=pair, actor=row.member, contact=True, matchmaker=True)
    assert [len(one.people) for one in caseload_pairs(helper)] == [2]

    share(event, officer)

    assert caseload_pairs(officer) == []
    assert not leave().exists()
    # What the two agreed between themselves stays, and each may let the new matchmaker know.
    pair_set(pair=pair, actor=pair.one.member, contact=True, matchmaker=True)
    assert [[bool(name) for _row, name, _phone in one.people] for one in caseload_pairs(officer)] == [[True, False]]


def test_who_keeps_a_matchmaker_keeps_the_agreement():
    event = make_event()
    helper = make_member(event.organization)
    pair = make_pair(event)
    share(event, helper)
    pair_set(pair=pair, actor=pair.one.member, contact=False, matchmaker=True)
    share(event, helper)
    assert leave().count() == 1


def test_who_blocked_a_matchmaker_is_not_given_back_to_them():
    event = make_event()
    blocked, other = make_member(event.organization), make_member(event.organization)
    rows = [make_participation(event) for _number in range(4)]
    share(event, blocked, other)
    her = next(row.member for row in rows if Participation.objects.get(pk=row.pk).matchmaker.member_id == blocked.pk)
    block_set(actor=her, blocked=blocked, label="x")

    share(event, blocked, other)
    row = Participation.objects.get(offering=event, member=her)
    assert row.matchmaker.member_id == other.pk

    share(event, blocked)
    row.refresh_from_db()
    assert row.matchmaker is None
    assert event.matchmakers.filter(valid_until=None).count() == 1
    assert timezone.localdate() >= event.matchmakers.first().valid_from
