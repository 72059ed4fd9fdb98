"""Scores and the best set of introductions.

Pairs and matrices give the same scores, and no set is better, as trying all of them shows.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.introductions import (
    WEIGHTS,
    Card,
    best_introductions,
    region_beginning,
    regions_around,
    score,
    score_matrix,
)

REGIONS = ("", "230102", "230103", "230204")
MAYBE = st.none() | st.integers(20, 40)


def cards(sex):
    bounds = st.tuples(MAYBE, MAYBE, st.booleans())
    return st.builds(
        Card,
        number=st.integers(1, 99),
        sex=st.just(sex),
        age=MAYBE,
        height=st.none() | st.integers(150, 190),
        education=st.none() | st.integers(1, 5),
        region=st.sampled_from(REGIONS),
        hobbies=st.frozensets(st.integers(1, 6), max_size=4),
        age_wish=bounds,
        height_wish=st.tuples(st.none() | st.integers(150, 180), st.none() | st.integers(160, 190), st.booleans()),
        education_wish=st.tuples(st.none() | st.integers(1, 5), st.none(), st.booleans()),
        region_wish=st.tuples(st.sampled_from(("", "230000", "230100", "230102")), st.booleans()),
    )


MEN, WOMEN = cards("male"), cards("female")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(men=st.lists(MEN, max_size=4), women=st.lists(WOMEN, max_size=4))
def test_the_matrix_says_what_each_pair_says(men, women):
    matrix = score_matrix(men, women)
    said = [[getattr(score(man, woman), "points", -1) for woman in women] for man in men]
    assert matrix.tolist() == said


@settings(max_examples=100, deadline=None, derandomize=True)
@given(one=MEN, two=WOMEN)
def test_a_score_is_the_same_both_ways_and_at_most_a_hundred(one, two):
    here, there = score(one, two), score(two, one)
    assert (here is None) == (there is None)
    if here is not None:
        assert (here.points, set(here.reasons)) == (there.points, set(there.reasons))
        assert 0 <= here.percent <= 100


def brute_force(matrix):
    """Return the largest sum of any set of allowed pairs, by trying all sets."""
    rows, columns = len(matrix), len(matrix[0]) if matrix else 0
    best = 0
    for size in range(min(rows, columns) + 1):
        for some in itertools.combinations(range(rows), size):
            for others in itertools.permutations(range(columns), size):
                picked = [matrix[row][column] for row, column in zip(some, others, strict=True)]
                if all(points >= 0 for points in picked):
                    best = max(best, sum(picked))
    return best


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.integers(0, 5).flatmap(
        lambda width: st.lists(st.lists(st.integers(-1, 30), min_size=width, max_size=width), max_size=5)
    )
)
def test_no_set_of_introductions_is_better(matrix):
    men, women = list(range(len(matrix))), list(range(len(matrix[0]) if matrix else 0))
    chosen = best_introductions(men, women, np.array(matrix).reshape(len(men), len(women)))
    assert sum(points for _man, _woman, points in chosen) == brute_force(matrix)
    assert all(points == matrix[man][woman] >= 0 for man, woman, points in chosen)
    assert len({man for man, _woman, _points in chosen}) == len({woman for _man, woman, _points in chosen})
    assert len({man for man, _woman, _points in chosen}) == len(chosen)


def test_hard_conflicts_stay_alone_even_if_nobody_else_is_left():
    man, woman = Card(1, "male", age=30), Card(2, "female", age=30, age_wish=(35, None, True))
    assert best_introductions([man], [woman], score_matrix([man], [woman])) == []


def test_reasons_name_what_both_share():
    one = Card(1, "male", age=30, region="230102", hobbies=frozenset({7, 8}), age_wish=(25, 32, False))
    two = Card(2, "female", age=29, region="230102", hobbies=frozenset({8}))
    assert score(one, two).reasons == (("hobbies", (8,)), ("age_wish", ()), ("near_county", ()))


def test_weights_change_the_order():
    me = Card(1, "male", age=30, hobbies=frozenset({1}), region="230102")
    friend = Card(2, "female", age=38, hobbies=frozenset({1}), region="230204")
    near = Card(3, "female", age=30, region="230102")
    by_hobby, by_place = {**dict.fromkeys(WEIGHTS, 0), "hobbies": 9}, {**dict.fromkeys(WEIGHTS, 0), "near": 9}
    assert score(me, friend, by_hobby).points > score(me, near, by_hobby).points
    assert score(me, friend, by_place).points < score(me, near, by_place).points


@pytest.mark.parametrize(
    ("code", "beginning", "around"),
    [
        ("230000", "23", ["230000"]),
        ("230100", "2301", ["230000", "230100"]),
        ("230110", "230110", ["230000", "230100", "230110"]),
    ],
)
def test_regions_lie_in_regions(code, beginning, around):
    assert (region_beginning(code), regions_around(code)) == (beginning, around)
