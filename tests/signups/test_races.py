"""Many concurrent sign-ups for few places.

With the lock there is never one too many; without it the race is visible.
"""

import time

from matchmaking.models import Participation
from portal.core import locks
from portal.core.errors import DomainError
from portal.signups import services as engine
from portal.signups.choices import HOLDING, LIVE, SignUpState
from tests.factories.matchmaking import make_event, make_single, put_event
from tests.threads import at_once

PLACES, PEOPLE = 20, 60


def rush():
    """Let sixty people join for twenty places at once; return the event and the results."""
    event = make_event(women_quota=PLACES)
    members = [make_single(event.organization) for _number in range(PEOPLE)]
    answers = at_once(
        lambda member: engine.join(offering=event, member=member, actor=member, age=30, line="x"), members
    )
    return event, answers


def places(event, state):
    return list(event.signups.filter(state=state).order_by("place").values_list("place", flat=True))


def test_sixty_people_for_twenty_places(fresh_database):
    event, answers = rush()
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert places(event, SignUpState.CONFIRMED) == list(range(1, PLACES + 1))
    assert places(event, SignUpState.WAITLISTED) == list(range(PLACES + 1, PEOPLE + 1))


def hold_nothing(instance):
    """Read the row without a lock and wait long enough for others to read the same state."""
    row = type(instance)._default_manager.get(pk=instance.pk)
    time.sleep(0.01)
    return row


def test_control_without_the_lock_the_count_is_wrong(fresh_database, monkeypatch):
    monkeypatch.setattr(locks, "hold", hold_nothing)
    event, answers = rush()
    failed = sum(isinstance(answer, Exception) for answer in answers)
    confirmed = len(places(event, SignUpState.CONFIRMED))
    assert failed > 0 or confirmed > PLACES


def test_the_same_person_twenty_times_is_one_row(fresh_database):
    event = make_event()
    member = make_single(event.organization)
    answers = at_once(
        lambda _number: engine.join(offering=event, member=member, actor=member, age=30, line="x"), range(20)
    )
    assert Participation.objects.filter(member=member).count() == 1
    assert {row.pk for row, _created in answers} == {Participation.objects.get().pk}
    assert sum(created for _row, created in answers) == 1


def test_control_without_the_lock_the_same_person_meets_the_constraint(fresh_database, monkeypatch):
    monkeypatch.setattr(locks, "hold", hold_nothing)
    monkeypatch.setattr(locks, "wait_turn", lambda name: None)
    event = make_event()
    member = make_single(event.organization)
    answers = at_once(
        lambda _number: engine.join(offering=event, member=member, actor=member, age=30, line="x"), range(20)
    )
    assert Participation.objects.filter(member=member, state__in=LIVE).count() == 1
    assert any(isinstance(answer, Exception) for answer in answers)


def test_leaving_joining_accepting_and_more_places_at_once(fresh_database):
    event = make_event(women_quota=10)
    members = [make_single(event.organization) for _number in range(30)]
    rows = [engine.join(offering=event, member=member, actor=member, age=30, line="x")[0] for member in members]
    newcomers = [make_single(event.organization) for _number in range(10)]

    def leave(row):
        engine.leave(signup=row, actor=row.member)

    def join(member):
        engine.join(offering=event, member=member, actor=member, age=30, line="x")

    def more(quota):
        engine.promote(offering=put_event(event, women_quota=quota))

    acts = [(leave, row) for row in rows[:10]] + [(join, member) for member in newcomers] + [(more, 15)]
    answers = at_once(lambda act: act[0](act[1]), acts)
    assert [answer for answer in answers if answer is not None] == []

    # Fifteen places go to the first in line after the ten who left; nobody is passed over.
    assert places(event, SignUpState.CONFIRMED) == []
    assert places(event, SignUpState.OFFERED) == list(range(11, 26))
    assert places(event, SignUpState.WAITLISTED) == list(range(26, 41))
    offered = list(event.signups.filter(state=SignUpState.OFFERED))
    taken = at_once(lambda row: engine.accept(signup=row, actor=row.member), [*offered, *offered])
    assert sum(isinstance(answer, Participation) for answer in taken) == 15
    assert all(isinstance(answer, DomainError | Participation) for answer in taken)
    assert event.signups.filter(state__in=HOLDING).count() == 15
