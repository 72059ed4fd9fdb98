"""Many concurrent actions at one event or one venue, and what happens without the lock."""

import time
from collections import Counter

import pytest

from matchmaking.choices.events import EventState
from matchmaking.models import MatchEvent, Participation
from matchmaking.services.changing import event_quotas_set
from matchmaking.services.events import event_submit
from matchmaking.services.participations import event_join, event_leave
from matchmaking.services.reviewing import place_offer, signup_accept
from portal.core import locks
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import LINE, make_event, make_participation, make_single
from tests.factories.matchmaking_library import make_venue
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization
from tests.threads import at_once


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    settings.PRIVATE_STORAGE_DIR = tmp_path / "files"


def submit_all():
    """Submit six events that need the same venue at the same time; return the results."""
    city = make_organization()
    make_staff(city)
    venue = make_venue(city)
    events = [make_event(city, venue=venue, state=EventState.DRAFT) for _number in range(6)]
    return at_once(lambda event: event_submit(event=event, actor=event.created_by), events)


def test_one_of_six_events_gets_the_venue_and_the_others_read_what_is_free(fresh_database):
    refused = [answer for answer in submit_all() if isinstance(answer, Exception)]
    assert {(type(answer), answer.code) for answer in refused} == {(DomainError, "venue-taken")}
    assert Counter(MatchEvent.objects.values_list("state", flat=True)) == {"submitted": 1, "draft": 5}


def test_control_without_the_lock_the_constraint_alone_keeps_the_venue_from_two(fresh_database, monkeypatch):
    monkeypatch.setattr(locks, "hold", hold_nothing)
    refused = [answer for answer in submit_all() if isinstance(answer, Exception)]
    assert len(refused) >= 5
    assert MatchEvent.objects.filter(state=EventState.SUBMITTED).count() <= 1


def hold_nothing(instance):
    """Read the row without a lock and wait long enough for others to read the same state."""
    row = instance._meta.model._default_manager.get(pk=instance.pk)
    time.sleep(0.01)
    return row


def doors(event, sex, number):
    """Return actions by which ``number`` people join in every way: sign-up, offer by staff, review."""
    actions = []
    for count in range(number):
        member = make_single(event.organization, sex)
        if count % 3 == 0:
            actions.append(lambda member=member: event_join(event=event, member=member, actor=member, line=LINE))
        elif count % 3 == 1:
            actions.append(lambda member=member: place_offer(event=event, member=member, actor=event.created_by))
        else:
            row = make_participation(
                event, member, state=SignUpState.APPLIED, place=1000 + count + (sex == Sex.MALE) * 99
            )
            actions.append(lambda row=row: signup_accept(participation=row, actor=event.created_by))
    return actions


def rush(event, *, number=12):
    actions = [*doors(event, Sex.FEMALE, number), *doors(event, Sex.MALE, number)]
    actions[::2], actions[1::2] = actions[:number], actions[number:]
    return at_once(lambda action: action(), actions)


def held_places(event):
    rows = Participation.objects.filter(offering=event, state__in=(SignUpState.CONFIRMED, SignUpState.OFFERED))
    return Counter(rows.values_list("pool", flat=True))


def test_no_place_is_given_twice_through_whichever_door_and_the_lists_stay_balanced(fresh_database):
    event = make_event(men_quota=5, women_quota=5, balance_tolerance=1)
    answers = rush(event)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    held = held_places(event)
    assert (held["men"], held["women"]) == (5, 5)
    assert Participation.objects.filter(offering=event).count() == 24


def judged(event, number):
    """Accept that many sign-ups at once; return the number of women's places held then."""
    rows = [make_participation(event, state=SignUpState.APPLIED) for _number in range(number)]
    at_once(lambda row: signup_accept(participation=row, actor=event.created_by), rows)
    return held_places(event)["women"]


def test_fifteen_are_accepted_at_once_for_five_places(fresh_database):
    event = make_event(women_quota=5, needs_review=True)
    assert judged(event, 15) == 5
    assert event.signups.filter(state=SignUpState.WAITLISTED).count() == 10


def test_control_without_the_lock_places_are_given_twice(fresh_database, monkeypatch):
    monkeypatch.setattr(locks, "hold", hold_nothing)
    assert judged(make_event(women_quota=5, needs_review=True), 15) > 5


def test_three_men_leave_and_no_woman_is_promoted(fresh_database):
    event = make_event(men_quota=25, women_quota=25, balance_tolerance=0)
    men = [make_participation(event, sex=Sex.MALE) for _number in range(20)]
    for _number in range(20):
        make_participation(event)
    for _number in range(3):
        make_participation(event, state=SignUpState.WAITLISTED)
    at_once(lambda row: event_leave(participation=row, actor=row.member), men[:3])
    assert held_places(event) == {"men": 17, "women": 20}
    assert event.signups.filter(state=SignUpState.OFFERED).count() == 0


def test_raising_a_quota_while_people_join_gives_each_place_once(fresh_database):
    event = make_event(men_quota=1, women_quota=3)
    people = [make_single(event.organization) for _number in range(12)]
    actions = [
        lambda member=member: event_join(event=event, member=member, actor=member, line=LINE) for member in people
    ]
    actions.insert(6, lambda: event_quotas_set(actor=event.created_by, event=event, version=1, women_quota=7))
    answers = at_once(lambda action: action(), actions)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert held_places(event)["women"] == 7
