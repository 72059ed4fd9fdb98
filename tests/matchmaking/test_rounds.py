"""The round plan: everyone meets once, in as few rounds as possible, with equal and spread breaks."""

from collections import Counter
from itertools import groupby, product
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.rounds import round_plan

SIZES = st.tuples(st.integers(1, 14), st.integers(1, 14), st.one_of(st.none(), st.integers(1, 14)))


def people(men, women):
    return [f"m{number}" for number in range(men)], [f"w{number}" for number in range(women)]


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(SIZES)
def test_everyone_meets_everyone_once_in_the_fewest_rounds(sizes):
    count_men, count_women, tables = sizes
    men, women = people(count_men, count_women)
    rounds = round_plan(men, women, tables)

    met = Counter((man, woman) for seats in rounds for _table, man, woman in seats)
    assert met == Counter(product(men, women))
    used = min(tables or 99, count_men, count_women)
    assert len(rounds) == max(count_men, count_women, ceil(count_men * count_women / used))
    for seats in rounds:
        assert sorted(table for table, _man, _woman in seats) == list(range(1, len(seats) + 1))
        assert len(seats) <= used
        for side in (1, 2):
            assert len({seat[side] for seat in seats}) == len(seats)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(SIZES)
def test_breaks_are_alike_within_a_list(sizes):
    men, women = people(*sizes[:2])
    rounds = round_plan(men, women, sizes[2])
    seated = Counter(person for seats in rounds for _table, *pair in seats for person in pair)
    for side in (men, women):
        assert len({len(rounds) - seated[person] for person in side}) == 1


@pytest.mark.parametrize(("men", "women"), [(10, 20), (20, 21), (7, 12), (30, 20)])
def test_nobody_waits_long(men, women):
    """Breaks lie between meetings.

    Nobody in the longer list sits out many more rounds in a row than their share.
    """
    ours, theirs = people(men, women)
    rounds = round_plan(ours, theirs)
    small, large = sorted((men, women))
    share = ceil((large - small) / small)
    for person in max((ours, theirs), key=len):
        sits = [any(person in seat for seat in seats) for seats in rounds]
        longest = max((len(list(run)) for seated, run in groupby(sits) if not seated), default=0)
        assert longest <= share + 1


def test_with_tables_enough_the_shorter_list_stays_seated():
    rounds = round_plan(*people(3, 5))
    for man in ("m0", "m1", "m2"):
        assert len({table for seats in rounds for table, one, _woman in seats if one == man}) == 1


def test_without_one_of_the_lists_there_is_no_round():
    assert (round_plan([], ["w"]), round_plan([], [])) == ([], [])
