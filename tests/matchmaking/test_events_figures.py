"""The figures of an event."""

from itertools import product

import pytest

from matchmaking.models import Pair
from matchmaking.selectors.events import EventFigures, event_figures
from portal.core.choices import Sex
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import make_event, make_participation, make_single
from tests.factories.organizations import make_unit


def figures(**numbers):
    return EventFigures(**dict.fromkeys(EventFigures.__dataclass_fields__, 0) | numbers)


@pytest.mark.parametrize(
    ("people", "pairs", "rate"),
    [(588, 86, 29.25), (100, 10, 20.0), (80, 2, 5.0), (180, 12, 13.33), (2, 1, 100.0), (9, 0, 0)],
)
def test_the_hand_holding_rate(people, pairs, rate):
    assert round(figures(men=people // 2, women=people - people // 2, pairs=pairs).rate, 2) == rate


def test_nobody_is_no_rate():
    assert figures(pairs=0).rate is None


@pytest.mark.django_db
def test_figures_count_rows_and_only_their_own():
    event, other = make_event(), make_event()
    first, second = make_unit(event.organization), make_unit(event.organization)
    women = [make_participation(event, make_single(unit)) for unit in (first, first, second)]
    men = [make_participation(event, make_single(first, Sex.MALE)) for _number in range(2)]
    for sex, state in product(Sex, SignUpState):
        if state != SignUpState.CONFIRMED:  # those who left later count
            make_participation(event, make_single(make_unit(event.organization), sex), state=state)
    make_participation(other)
    for woman in women[:2]:
        Pair.objects.create(event=event, one=woman, two=men[0], held_on="2026-08-20")

    found = event_figures(event)

    assert (found.men, found.women, found.people, found.units) == (3, 4, 7, 4)
    assert (found.waiting_men, found.waiting_women, found.offered) == (1, 1, 2)
    assert (found.pairs, found.people_in_pairs, found.rate) == (2, 3, 400 / 7)
    assert (found.matchmakers, found.choosers) == (0, 0)
