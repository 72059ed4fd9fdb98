"""The public draw: list, hash, turns and places; a script of a stranger repeats it, and planted failures are named."""

import ast
import copy
import dataclasses
import hashlib
import itertools
import json
import math
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.signups import draw_check
from portal.signups.draws import (
    DrawList,
    Entry,
    Fault,
    ListFault,
    Result,
    ResultFault,
    bits_needed,
    broken_promises,
    canonical,
    draw,
    draw_key,
    list_hash,
    published,
    seed_bits,
    seed_is_long_enough,
    seed_is_plain,
)

SCRIPT = Path(draw_check.__file__)
SEED = "8b676484b5fb1f37f9ec5c413d7d29883504e5b669f604a1ce68b3388e9ae3d9"
laws = settings(max_examples=100, deadline=None, derandomize=True, database=None)


def make_list(*entries, **capacity):
    """Return a ``DrawList`` of tuples (number, priority, wishes as letters, group)."""
    made = []
    for number, priority, wishes, *group in entries:
        made.append(Entry(number, priority, tuple(wishes), *group))
    return DrawList(capacity, tuple(made))


def seed_for(draw_list, *order):
    """Return a seed that gives this order of turns."""
    return next(seed for seed in map(str, range(10_000)) if draw(draw_list, seed).order == order)


@st.composite
def lists(draws):
    """Draw lists of up to eight units: numbers in any order, siblings not side by side, three classes."""
    codes = ("A", "B", "C")
    capacity = {code: draws(st.integers(0, 3)) for code in codes}
    unit = st.tuples(st.sampled_from((1, 1, 1, 2, 2, 3)), st.integers(1, 3), st.permutations(codes), st.integers(1, 3))
    units = draws(st.lists(unit, max_size=8))
    numbers = iter(draws(st.permutations(range(1, sum(size for size, *_rest in units) + 1))))
    entries = [
        Entry(next(numbers), priority, tuple(wishes[:length]), group if size > 1 else 0)
        for group, (size, priority, wishes, length) in enumerate(units, start=1)
        for _member in range(size)
    ]
    return DrawList(capacity, entries)


@st.composite
def draws_of_lists(draws):
    """Draw (list, seed, withdrawn numbers)."""
    draw_list = draws(lists())
    numbers = [entry.number for entry in draw_list.entries]
    withdrawn = draws(st.sets(st.sampled_from(numbers), max_size=3)) if numbers else set()
    return draw_list, draws(st.integers(0, 999).map(str)), frozenset(withdrawn)


def units_of(draw_list):
    """Return the units as lists of entries."""
    units = {}
    for entry in draw_list.entries:
        units.setdefault(f"group {entry.group}" if entry.group else entry.number, []).append(entry)
    return list(units.values())


def test_a_list_without_faults_can_be_frozen():
    assert make_list((1, 1, "AB", 4), (2, 1, "AB", 4), (3, 2, "B"), A=0, B=2).faults() == []


@pytest.mark.parametrize(
    ("entries", "capacity", "fault"),
    [
        ([(7, 1, "A"), (7, 2, "A")], {"A": 1}, Fault(ListFault.NUMBER_TWICE, (7,))),
        ([(0, 1, "A")], {"A": 1}, Fault(ListFault.NUMBER_BELOW_1, (0,))),
        ([(1, 0, "A")], {"A": 1}, Fault(ListFault.PRIORITY_BELOW_1, (1,))),
        ([(1, 1, "")], {"A": 1}, Fault(ListFault.NO_WISH, (1,))),
        ([(1, 1, "AX")], {"A": 1}, Fault(ListFault.WISH_UNKNOWN, (1,), "X")),
        ([(1, 1, "ABA")], {"A": 1, "B": 1}, Fault(ListFault.WISH_TWICE, (1,), "A")),
        ([(1, 1, "A", 5), (2, 1, "A")], {"A": 1}, Fault(ListFault.GROUP_TOO_SMALL, (1,))),
        ([(2, 1, "AB", 5), (1, 1, "BA", 5)], {"A": 1, "B": 1}, Fault(ListFault.GROUP_WISHES_DIFFER, (1, 2))),
        ([(2, 1, "A", 5), (1, 2, "A", 5)], {"A": 1}, Fault(ListFault.GROUP_PRIORITIES_DIFFER, (1, 2))),
        ([(1, 1, "A")], {"A": -1}, Fault(ListFault.CAPACITY_NEGATIVE, (), "A")),
    ],
)
def test_a_list_with_a_fault_is_not_frozen(entries, capacity, fault):
    draw_list = make_list(*entries, **capacity)
    assert draw_list.faults() == [fault]
    for use in (list_hash, canonical, lambda one: draw(one, SEED)):
        with pytest.raises(ValueError, match=fault.code):
            use(draw_list)


def test_each_fault_of_a_list_is_told():
    draw_list = make_list((3, 0, "XX"), (3, 1, ""), (-1, 1, "A", 9), A=-2)
    assert {fault.code for fault in draw_list.faults()} == set(ListFault) - {
        ListFault.GROUP_WISHES_DIFFER,
        ListFault.GROUP_PRIORITIES_DIFFER,
    }


def test_the_hash_is_that_of_the_text_anyone_can_write():
    """The format that is public: a change of it would make published draws impossible to repeat."""
    draw_list = make_list((2, 1, "B"), (1, 2, "BA"), B=1, A=0)
    text = (
        '{"capacity":{"A":0,"B":1},"entries":['
        '{"group":0,"number":1,"priority":2,"wishes":["B","A"]},{"group":0,"number":2,"priority":1,"wishes":["B"]}]}'
    )
    assert canonical(draw_list) == text
    assert list_hash(draw_list) == hashlib.sha256(text.encode("ascii")).hexdigest()
    assert canonical(DrawList({"托": 1}, ())) == '{"capacity":{"\\u6258":1},"entries":[]}'


def test_a_key_is_the_hash_of_list_seed_and_number():
    # printf 'abc:12:7' | sha256sum
    assert draw_key("abc", "12", 7) == "69e31d1b5c950dd44b0e31e43220a745208ca088fdc4bf4ae8c353bb289c6f03"


@laws
@given(draws_of_lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(case, chance):
    draw_list, seed, withdrawn = case
    entries, offerings = list(draw_list.entries), list(draw_list.capacity.items())
    chance.shuffle(entries)
    chance.shuffle(offerings)
    shuffled = DrawList(dict(offerings), entries)
    assert list_hash(shuffled) == list_hash(draw_list)
    assert draw(shuffled, seed, withdrawn) == draw(draw_list, seed, withdrawn)


@laws
@given(lists(), st.data())
def test_each_change_of_the_list_changes_the_hash(draw_list, data):
    entries = [Entry(99, 1, ("A",)), *draw_list.entries]
    before = list_hash(DrawList(draw_list.capacity, entries))
    changed = data.draw(
        st.sampled_from(
            [
                DrawList(draw_list.capacity, entries[1:]),
                DrawList(draw_list.capacity | {"A": draw_list.capacity["A"] + 1}, entries),
                DrawList(draw_list.capacity, [dataclasses.replace(entries[0], priority=2), *entries[1:]]),
                DrawList(draw_list.capacity, [dataclasses.replace(entries[0], number=98), *entries[1:]]),
                DrawList(draw_list.capacity, [dataclasses.replace(entries[0], wishes=("A", "B")), *entries[1:]]),
            ]
        )
    )
    assert list_hash(changed) != before


def test_equal_wishes_and_classes():
    """Trials, situation 28 and vector V11: S1 = c2, S2 = c1 and c3, nobody is lost."""
    draw_list = DrawList({"S1": 1, "S2": 2}, [Entry(number, 1, ("S1", "S2")) for number in (1, 2, 3)])
    result = draw(draw_list, seed_for(draw_list, 2, 1, 3))
    assert result == Result((2, 1, 3), {2: "S1", 1: "S2", 3: "S2"}, {"S1": (), "S2": ()}, ())


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_the_waiting_list_is_in_the_order_of_the_draw(order):
    draw_list = make_list((1, 1, "AB"), (2, 1, "AB"), (3, 1, "AB"), A=1, B=0)
    first, *rest = order
    result = draw(draw_list, seed_for(draw_list, *order))
    assert result == Result(order, {first: "A"}, {"A": tuple(rest), "B": tuple(rest)}, ())


def test_capacity_zero_admits_nobody():
    """Trials, situation 8: 0 is zero."""
    draw_list = make_list((1, 1, "A"), (2, 1, "A", 3), (3, 1, "A", 3), A=0)
    result = draw(draw_list, SEED)
    assert (result.admitted, sorted(result.waiting["A"])) == ({}, [1, 2, 3])
    assert broken_promises(draw_list, SEED, result) == []


def test_a_list_without_applications_is_drawn():
    assert draw(DrawList({"A": 3}, ()), SEED) == Result((), {}, {"A": ()}, ())


def test_a_pair_that_does_not_fit_waits_and_the_next_child_gets_the_place():
    draw_list = make_list((1, 1, "A", 1), (2, 1, "A", 1), (3, 2, "A"), A=1)
    assert draw(draw_list, SEED) == Result((1, 2, 3), {3: "A"}, {"A": (1, 2)}, ())


def test_a_pair_takes_a_later_wish_with_room_for_both():
    draw_list = make_list((4, 1, "AB", 1), (2, 1, "AB", 1), A=1, B=2)
    assert draw(draw_list, SEED).admitted == {2: "B", 4: "B"}


def test_a_withdrawn_number_is_skipped_and_its_sibling_goes_on_alone():
    """Trials, situation 26: list and hash stay, the place passes on by rule."""
    draw_list = make_list((1, 1, "A", 1), (2, 1, "A", 1), (3, 2, "A"), A=1)
    result = draw(draw_list, SEED, frozenset({1}))
    assert result == Result((1, 2, 3), {2: "A"}, {"A": (3,)}, (1,))


def test_a_group_that_has_withdrawn_is_skipped():
    draw_list = make_list((8, 1, "A", 1), (1, 1, "A", 1), (3, 2, "A"), A=2)
    assert draw(draw_list, SEED, frozenset({8, 1})) == Result((1, 8, 3), {3: "A"}, {"A": ()}, (1, 8))


def test_a_withdrawn_number_that_is_not_on_the_list_is_refused():
    with pytest.raises(ValueError, match=r"\[8\]"):
        draw(make_list((1, 1, "A"), A=1), SEED, frozenset({1, 8}))


@pytest.mark.parametrize("seed", ["", " 123456", "123456 ", "12345\n", "１２３４５６", "12\u200b3456", "12\t34"])
def test_a_seed_that_people_type_differently_is_refused(seed):
    assert not seed_is_plain(seed)
    with pytest.raises(ValueError, match="seed"):
        draw(make_list((1, 1, "A"), A=1), seed)


@pytest.mark.parametrize("seed", ["123456", SEED, "03 05 12 + 07", "9319./2.5.8."])
def test_a_seed_from_a_public_source_is_plain(seed):
    assert seed_is_plain(seed)


def test_a_pair_has_the_chance_of_one_child():
    """In 600 draws of a pair and two children alone, each comes first about 200 times; the seeds are fixed."""
    draw_list = make_list((1, 1, "A", 1), (3, 1, "A", 1), (2, 1, "A"), (4, 1, "A"), A=4)
    first = Counter(draw(draw_list, str(seed)).order[0] for seed in range(600))
    assert set(first) == {1, 2, 4}
    assert all(165 < count < 235 for count in first.values()), first


@laws
@given(draws_of_lists())
def test_siblings_are_placed_together_or_not_at_all(case):
    draw_list, seed, withdrawn = case
    result = draw(draw_list, seed, withdrawn)
    for unit in units_of(draw_list):
        going = [entry.number for entry in unit if entry.number not in withdrawn]
        assert len({result.admitted.get(number) for number in going}) <= 1
        lines = {tuple(code for code in "ABC" if number in result.waiting[code]) for number in going}
        assert len(lines) <= 1


@laws
@given(draws_of_lists())
def test_a_later_turn_gets_only_places_that_a_group_could_not_fill(case):
    """Nobody of a lower class, or of a later turn, comes before another for the same wish.

    The exact rule: where a unit of n children wanted an offering more than what it got, fewer than n children of later
    turns are in it. For a child alone that is nobody; a pair can be followed by one child, where one place was left.
    """
    draw_list, seed, withdrawn = case
    result = draw(draw_list, seed, withdrawn)
    at = {number: place for place, number in enumerate(result.order)}
    priority = {entry.number: entry.priority for entry in draw_list.entries}
    assert [priority[number] for number in result.order] == sorted(priority.values())
    for unit in units_of(draw_list):
        going = [entry.number for entry in unit if entry.number not in withdrawn]
        wishes = unit[0].wishes
        got = result.admitted.get(going[0]) if going else wishes[0]
        for code in itertools.takewhile(lambda one, got=got: one != got, wishes):
            later = [number for number, place in result.admitted.items() if place == code and at[number] > at[going[0]]]
            assert len(later) < len(going)


@laws
@given(draws_of_lists())
def test_no_place_is_free_that_somebody_waiting_fits_into(case):
    draw_list, seed, withdrawn = case
    result = draw(draw_list, seed, withdrawn)
    taken = Counter(result.admitted.values())
    for code, places in draw_list.capacity.items():
        assert taken[code] <= places
        for unit in units_of(draw_list):
            going = [entry.number for entry in unit if entry.number in result.waiting[code]]
            assert not going or taken[code] + len(going) > places


@laws
@given(draws_of_lists())
def test_each_number_is_admitted_or_waits_or_is_skipped(case):
    draw_list, seed, withdrawn = case
    result = draw(draw_list, seed, withdrawn)
    for entry in draw_list.entries:
        lines = {code for code, line in result.waiting.items() if entry.number in line}
        if entry.number in withdrawn:
            assert (entry.number in result.admitted, lines) == (False, set())
        elif entry.number in result.admitted:
            assert (result.admitted[entry.number] in entry.wishes, lines) == (True, set())
        else:
            assert lines == set(entry.wishes)
    assert result.skipped == tuple(sorted(withdrawn))


@laws
@given(draws_of_lists())
def test_a_withdrawal_changes_nobodys_turn(case):
    draw_list, seed, withdrawn = case
    assert draw(draw_list, seed, withdrawn).order == draw(draw_list, seed).order


@pytest.mark.parametrize(
    ("applicants", "bits"),
    [(20, 18), (25, 22), (30, 25), (35, 28), (40, 30), (50, 34), (60, 37), (75, 40), (100, 44), (120, 47)],
)
def test_bits_for_ten_of_many(applicants, bits):
    """Vector V2: RFC 3797, section 3.3."""
    assert bits_needed(applicants, 10) == bits


@pytest.mark.parametrize(
    ("applicants", "places", "bits"),
    [
        (60, 30, 57),
        (1100, 400, 1035),
        (2, 1, 1),
        (4, 1, 2),
        (5, 1, 3),
        (10, 10, 0),
        (10, 12, 0),
        (10, 0, 0),
        (0, 0, 0),
        (10, -1, 0),
    ],
)
def test_bits_needed(applicants, places, bits):
    assert bits_needed(applicants, places) == bits


@given(st.integers(1, 400), st.data())
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_bits_are_just_enough(applicants, data):
    places = data.draw(st.integers(1, applicants))
    bits, ways = bits_needed(applicants, places), math.comb(applicants, places)
    assert 2**bits >= ways
    assert bits == 0 or 2 ** (bits - 1) < ways


@pytest.mark.parametrize(
    ("seed", "bits"),
    [
        ("", 0),
        ("123456", 19),
        ("2027-01-19", 26),
        (SEED, 256),
        (SEED.upper(), 256),
        ("1a", 8),
        ("1g", 3),
        ("03 05 12", 19),
        ("１２３４", 0),
        ("9" * 77, 255),
        ("9" * 78, 259),
    ],
)
def test_bits_of_a_seed(seed, bits):
    assert seed_bits(seed) == bits


@pytest.mark.parametrize(
    ("seed", "applicants", "places", "enough"),
    [
        ("123456", 60, 30, False),
        ("1" * 17, 60, 30, False),
        ("1" * 18, 60, 30, True),
        (SEED, 1100, 400, True),
        (SEED[:-1], 1100, 400, False),
        ("1" * 77, 1100, 400, False),
        ("1" * 78, 1100, 400, True),
        ("", 10, 10, True),
    ],
)
def test_a_seed_is_long_enough(seed, applicants, places, enough):
    assert seed_is_long_enough(seed, applicants, places) is enough


@laws
@given(draws_of_lists())
def test_a_draw_keeps_its_promises(case):
    draw_list, seed, withdrawn = case
    assert broken_promises(draw_list, seed, draw(draw_list, seed, withdrawn), withdrawn) == []


def every_result(draw_list, order):
    """Yield a result for each way to place the numbers among their wishes, with the waiting lists that follow."""
    wishes = {entry.number: entry.wishes for entry in draw_list.entries}
    for choice in itertools.product(*(("", *wishes[number]) for number in order)):
        got = dict(zip(order, choice, strict=True))
        waiting = {code: tuple(n for n in order if not got[n] and code in wishes[n]) for code in draw_list.capacity}
        yield Result(order, {number: code for number, code in got.items() if code}, waiting, ())


@pytest.mark.parametrize(
    "draw_list",
    [
        make_list((1, 1, "AB"), (2, 1, "BA"), (3, 2, "AB"), (4, 2, "BC"), (5, 3, "ABC"), A=1, B=1, C=1),
        make_list((1, 1, "AB", 1), (2, 2, "AB"), (3, 1, "AB", 1), (4, 1, "A"), (5, 2, "B"), A=2, B=2),
        make_list((1, 1, "AB", 1), (2, 1, "AB"), (3, 1, "AB", 1), (4, 1, "BA", 2), (5, 1, "BA", 2), A=3, B=1),
        make_list((1, 1, "A"), (2, 1, "A"), (3, 1, "AB"), A=0, B=5),
    ],
)
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_only_the_result_of_the_draw_keeps_all_promises(draw_list, seed):
    result = draw(draw_list, seed)
    kept = [one for one in every_result(draw_list, result.order) if not broken_promises(draw_list, seed, one)]
    assert kept == [result]


# Each unit has a class of its own, so the turns are known: 1 and 2 (siblings), 3, 4, 5, 6, 7.
PLANTED_IN = make_list(
    (1, 1, "AB", 9), (2, 1, "AB", 9), (3, 2, "AB"), (4, 3, "BA"), (5, 4, "AC"), (6, 5, "B"), (7, 6, "AC"), A=3, B=2, C=0
)
ORDER = (1, 2, 3, 4, 5, 6, 7)
PLACES = {1: "A", 2: "A", 3: "A", 4: "B", 6: "B"}
LINES = {"A": (5, 7), "B": (), "C": (5, 7)}
RIGHT = Result(ORDER, PLACES, LINES, ())


def passed_over(number, code):
    """Return the faults when a child gets less than a later child of a lower class."""
    return {
        Fault(ResultFault.EARLIER_TURN_PASSED_OVER, (number,), code),
        Fault(ResultFault.HIGHER_CLASS_PASSED_OVER, (number,), code),
    }


PLANTED = {
    "two places swapped": (
        Result(ORDER, PLACES | {3: "B", 4: "A"}, LINES),
        {
            Fault(ResultFault.BETTER_WISH_OPEN, (3,), "A"),
            Fault(ResultFault.BETTER_WISH_OPEN, (4,), "B"),
            *passed_over(3, "A"),
            *passed_over(4, "B"),
        },
    ),
    "a place given to a child that waits": (
        Result(ORDER, {1: "A", 2: "A", 5: "A", 4: "B", 6: "B"}, {"A": (3, 7), "B": (3,), "C": (7,)}),
        passed_over(3, "A") | passed_over(3, "B"),
    ),
    "a pair split over two offerings": (
        Result(ORDER, {1: "A", 2: "B", 3: "A", 4: "B", 5: "A"}, {"A": (7,), "B": (6,), "C": (7,)}),
        {Fault(ResultFault.GROUP_SPLIT, (1, 2))},
    ),
    "a pair split between a place and waiting": (
        Result(ORDER, {1: "A", 3: "A", 4: "B", 5: "A", 6: "B"}, {"A": (2, 7), "B": (2,), "C": (7,)}),
        {Fault(ResultFault.GROUP_SPLIT, (1, 2))},
    ),
    "an offering overfilled": (
        Result(ORDER, PLACES | {5: "A"}, {"A": (7,), "B": (), "C": (7,)}),
        {Fault(ResultFault.OVER_CAPACITY, (1, 2, 3, 5), "A")},
    ),
    "a place where there is none": (
        Result(ORDER, PLACES | {5: "C"}, {"A": (7,), "B": (), "C": (7,)}),
        {Fault(ResultFault.OVER_CAPACITY, (5,), "C")},
    ),
    "a child that waits dropped": (
        Result(ORDER, PLACES, {"A": (7,), "B": (), "C": (7,)}),
        {Fault(ResultFault.MISSING, (5,))},
    ),
    "a child dropped from one of its lines": (
        Result(ORDER, PLACES, LINES | {"C": (7,)}),
        {Fault(ResultFault.WAITING_INCOMPLETE, (5,))},
    ),
    "a place left free": (
        Result(ORDER, {1: "A", 2: "A", 3: "A", 4: "B"}, LINES | {"B": (6,)}),
        {Fault(ResultFault.PLACE_LEFT_FREE, (6,), "B")},
    ),
    "a second wish though the first was open": (
        Result(ORDER, {1: "A", 2: "A", 3: "B", 4: "B"}, LINES | {"B": (6,)}),
        {
            Fault(ResultFault.BETTER_WISH_OPEN, (3,), "A"),
            *({Fault(ResultFault.PLACE_LEFT_FREE, (number,), "A") for number in (5, 7)}),
        },
    ),
    "a waiting list in another order": (
        Result(ORDER, PLACES, LINES | {"A": (7, 5)}),
        {Fault(ResultFault.WAITING_ORDER, (), "A")},
    ),
    "a child twice in a line": (
        Result(ORDER, PLACES, LINES | {"A": (5, 5, 7)}),
        {Fault(ResultFault.TWICE, (5,))},
    ),
    "a child with a place that waits as well": (
        Result(ORDER, PLACES, LINES | {"B": (4,), "A": (4, 5, 7)}),
        {Fault(ResultFault.TWICE, (4,))},
    ),
    "a child in a line it did not wish for": (
        Result(ORDER, PLACES, LINES | {"B": (7,)}),
        {Fault(ResultFault.NOT_WISHED, (7,), "B")},
    ),
    "a place the child did not wish for": (
        Result(ORDER, {1: "A", 2: "A", 3: "A", 4: "B", 5: "B"}, {"A": (7,), "B": (6,), "C": (7,)}),
        {Fault(ResultFault.NOT_WISHED, (5,), "B")},
    ),
    "a number that is not on the list": (
        Result(ORDER, PLACES, LINES | {"A": (5, 7, 8)}),
        {Fault(ResultFault.UNKNOWN_NUMBER, (8,))},
    ),
    "a child skipped that has not withdrawn": (
        Result(ORDER, PLACES, {"A": (7,), "B": (), "C": (7,)}, (5,)),
        {Fault(ResultFault.SKIPPED_WRONGLY, (5,))},
    ),
    "turns in another order": (
        dataclasses.replace(RIGHT, order=(1, 2, 4, 3, 5, 6, 7)),
        {Fault(ResultFault.ORDER_DIFFERS)},
    ),
    "a turn left out": (dataclasses.replace(RIGHT, order=ORDER[:-1]), {Fault(ResultFault.ORDER_DIFFERS)}),
}


def test_the_result_that_failures_are_planted_in():
    assert draw(PLANTED_IN, SEED) == RIGHT
    assert broken_promises(PLANTED_IN, SEED, RIGHT) == []


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_failure_is_named(planted):
    result, faults = PLANTED[planted]
    assert set(broken_promises(PLANTED_IN, SEED, result)) == faults


def test_each_promise_has_a_planted_failure():
    assert {fault.code for _result, faults in PLANTED.values() for fault in faults} == set(ResultFault)


def test_a_withdrawn_number_with_a_place_is_named():
    """The number is skipped, and it has a place too; or it has a place and is not skipped at all."""
    skipped = dataclasses.replace(RIGHT, skipped=(6,))
    assert broken_promises(PLANTED_IN, SEED, skipped, frozenset({6})) == [Fault(ResultFault.TWICE, (6,))]
    assert broken_promises(PLANTED_IN, SEED, RIGHT, frozenset({6})) == [Fault(ResultFault.SKIPPED_WRONGLY, (6,))]


def test_a_child_of_the_same_class_passed_over_is_named():
    draw_list = make_list((1, 1, "A"), (2, 1, "A"), A=1)
    seed = seed_for(draw_list, 2, 1)
    assert broken_promises(draw_list, seed, Result((2, 1), {1: "A"}, {"A": (2,)})) == [
        Fault(ResultFault.EARLIER_TURN_PASSED_OVER, (2,), "A")
    ]


def make_big_list():
    """Return 1,100 applications in three classes for 400 places in eight offerings, with 120 pairs and five triplets.

    The numbers are in random order, so siblings are far apart.
    """
    chance = random.Random(20270118)
    capacity = {f"C{code}": places for code, places in enumerate((60, 55, 50, 50, 50, 50, 45, 40), start=1)}
    sizes = [2] * 120 + [3] * 5
    sizes += [1] * (1100 - sum(sizes))
    numbers = iter(chance.sample(range(1, 1101), 1100))
    entries = []
    for group, size in enumerate(sizes, start=1):
        wishes = tuple(chance.sample(sorted(capacity), chance.randint(2, 4)))
        priority = chance.choices((1, 2, 3), (1, 3, 8))[0]
        entries += [Entry(next(numbers), priority, wishes, group if size > 1 else 0) for _member in range(size)]
    return DrawList(capacity, entries)


BIG = make_big_list()
WITHDRAWN = frozenset(range(40, 1100, 100))


@pytest.fixture(scope="module")
def public():
    """Return the public file of the big draw, as it is read from JSON."""
    return json.loads(json.dumps(published(BIG, SEED, draw(BIG, SEED, WITHDRAWN), WITHDRAWN)))


def run_script(file, folder):
    """Return (exit code, output, errors) of the script for a file, as a stranger starts it."""
    path = folder / "published.json"
    path.write_text(file if isinstance(file, str) else json.dumps(file), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", SCRIPT, path], capture_output=True, text=True, cwd=folder)
    return done.returncode, done.stdout, done.stderr


def test_the_public_file_has_numbers_and_codes_only():
    draw_list = make_list((2, 1, "A", 4), (1, 1, "A", 4), (3, 2, "A"), (4, 3, "AB"), A=2, B=0)
    withdrawn = frozenset({3})
    assert published(draw_list, SEED, draw(draw_list, SEED, withdrawn), withdrawn) == {
        "format": 1,
        "list": {
            "capacity": {"A": 2, "B": 0},
            "entries": [
                {"number": 1, "priority": 1, "wishes": ["A"], "group": 4},
                {"number": 2, "priority": 1, "wishes": ["A"], "group": 4},
                {"number": 3, "priority": 2, "wishes": ["A"], "group": 0},
                {"number": 4, "priority": 3, "wishes": ["A", "B"], "group": 0},
            ],
        },
        "hash": list_hash(draw_list),
        "seed": SEED,
        "withdrawn": [3],
        "admitted": {"1": "A", "2": "A"},
        "waiting": {"A": [4], "B": [4]},
    }


def test_the_script_says_same_for_1100_applications(public, tmp_path):
    assert (len(public["list"]["entries"]), sum(public["list"]["capacity"].values())) == (1100, 400)
    assert len(public["admitted"]) == 400
    assert broken_promises(BIG, SEED, draw(BIG, SEED, WITHDRAWN), WITHDRAWN) == []
    assert run_script(public, tmp_path) == (0, "same\n", "")


def test_the_script_reads_a_file_that_an_editor_saved(public, tmp_path):
    """Notepad puts a mark before the text; the layout and the order of entries are nobody's business."""
    public = copy.deepcopy(public)
    public["list"]["entries"].reverse()
    assert run_script("\ufeff" + json.dumps(public, indent=4), tmp_path) == (0, "same\n", "")


def test_the_script_is_for_python_3_8_and_needs_nothing_else():
    """It starts isolated from this project above; here its syntax and its imports are looked at."""
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert sorted(names) == ["__future__", "hashlib", "json", "sys", "typing"]


def entry_of(file, number):
    return file["list"]["entries"][number - 1]


def first_waiting(file):
    return max(file["waiting"].values(), key=len)


def hash_again(file):
    """Write the hash of a changed list into the file, as somebody who forges it would."""
    text = json.dumps(file["list"], sort_keys=True, separators=(",", ":"))
    file["hash"] = hashlib.sha256(text.encode("ascii")).hexdigest()


def move_a_place(file):
    number, code = next(iter(file["admitted"].items()))
    file["admitted"][number] = "C1" if code != "C1" else "C2"


def swap_two_places(file):
    one, other = next(
        pair for pair in itertools.pairwise(file["admitted"]) if len({*map(file["admitted"].get, pair)}) > 1
    )
    file["admitted"] |= {one: file["admitted"][other], other: file["admitted"][one]}


def drop_a_place(file):
    file["admitted"].popitem()


def admit_one_more(file):
    file["admitted"][str(first_waiting(file)[0])] = "C1"


def change_the_seed(file):
    file["seed"] = file["seed"][:-1] + "8"


def change_the_hash(file):
    file["hash"] = file["hash"][::-1]


def raise_a_class(file):
    entry = next(entry for entry in file["list"]["entries"] if entry["priority"] == 3 and not entry["group"])
    entry["priority"] = 1


def raise_a_class_and_hash_again(file):
    raise_a_class(file)
    hash_again(file)


def raise_one_sibling_and_hash_again(file):
    entry = next(entry for entry in file["list"]["entries"] if entry["priority"] == 3 and entry["group"])
    entry["priority"] = 1
    hash_again(file)


def reverse_wishes(file):
    entry_of(file, 12)["wishes"].reverse()


def renumber_an_entry(file):
    entry_of(file, 1100)["number"] = 1101


def leave_out_an_entry(file):
    file["list"]["entries"].pop()


def repeat_an_entry(file):
    file["list"]["entries"].append(entry_of(file, 1100))
    hash_again(file)


def add_a_note_to_an_entry(file):
    entry_of(file, 5)["note"] = None


def add_a_place(file):
    file["list"]["capacity"]["C1"] += 1


def add_a_remark_to_the_list(file):
    file["list"]["remark"] = ""


def withdraw_one_more(file):
    file["withdrawn"].append(first_waiting(file)[-1])
    file["withdrawn"].sort()


def withdraw_one_less(file):
    file["withdrawn"].pop()


def withdraw_a_stranger(file):
    file["withdrawn"].append(99999)


def swap_two_waiting(file):
    line = first_waiting(file)
    line[3], line[4] = line[4], line[3]


def shorten_a_waiting_list(file):
    first_waiting(file).pop()


def leave_out_the_waiting_lists(file):
    del file["waiting"]


def leave_out_the_list(file):
    del file["list"]


def add_a_remark(file):
    file["remark"] = None


def another_format(file):
    file["format"] = 2


CHANGES = [
    move_a_place,
    swap_two_places,
    drop_a_place,
    admit_one_more,
    change_the_seed,
    change_the_hash,
    raise_a_class,
    raise_a_class_and_hash_again,
    raise_one_sibling_and_hash_again,
    reverse_wishes,
    renumber_an_entry,
    leave_out_an_entry,
    repeat_an_entry,
    add_a_note_to_an_entry,
    add_a_place,
    add_a_remark_to_the_list,
    withdraw_one_more,
    withdraw_one_less,
    withdraw_a_stranger,
    swap_two_waiting,
    shorten_a_waiting_list,
    leave_out_the_waiting_lists,
    leave_out_the_list,
    add_a_remark,
    another_format,
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_script_says_different_for_a_changed_file(public, tmp_path, change):
    changed = copy.deepcopy(public)
    change(changed)
    code, output, errors = run_script(changed, tmp_path)
    assert (code, output[:11], errors) == (1, "different: ", "")


def test_the_script_names_what_differs(public, tmp_path):
    changed = copy.deepcopy(public)
    number, _code = changed["admitted"].popitem()
    line = changed["waiting"]["C1"]
    line[0], line[1] = line[1], line[0]
    assert run_script(changed, tmp_path) == (1, f"different: admitted ({number}), waiting (C1)\n", "")
    assert run_script(public | {"remark": None}, tmp_path)[1] == "different: remark\n"


@pytest.mark.parametrize(
    "file", [[], {}, {"list": {}}, {"list": {"capacity": {}, "entries": [{}]}, "seed": "1"}, 5, None]
)
def test_the_script_refuses_another_file(file):
    assert draw_check.difference(file).startswith("this is not the file of a draw")


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([(1, 1, "A", 0), (1, 1, "B", 0)], "a number is on the list twice"),
        ([(1, 1, "AB", 7), (2, 2, "AB", 7)], "siblings on the list have different wishes or priorities"),
        ([(1, 1, "AB", 7), (2, 1, "BA", 7)], "siblings on the list have different wishes or priorities"),
    ],
)
def test_the_script_refuses_a_list_that_could_not_be_frozen(entries, told):
    """A list with a fault that agrees with its hash and its places is no draw either."""
    keys = ("number", "priority", "wishes", "group")
    rows = [dict(zip(keys, (number, level, [*wishes], group), strict=True)) for number, level, wishes, group in entries]
    file = {"format": 1, "list": {"capacity": {"A": 5, "B": 5}, "entries": rows}, "seed": "1", "withdrawn": []}
    assert told in draw_check.difference(file)


def leaves(value, path=()):
    """Return the paths of all single values of a file."""
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, part in parts for leaf in leaves(part, (*path, key))]
    return [path]


@settings(laws, max_examples=60)
@given(st.data())
def test_any_single_changed_value_is_different(public, data):
    """A value anywhere in the file is replaced by another of its kind."""
    part = data.draw(st.sampled_from(sorted(public)))
    *path, last = data.draw(st.sampled_from(leaves(public[part], (part,))))
    changed = copy.deepcopy(public)
    parent = changed
    for key in path:
        parent = parent[key]
    parent[last] += 1 if isinstance(parent[last], int) else "1"
    assert draw_check.difference(changed)


@laws
@given(draws_of_lists())
def test_the_script_agrees_with_the_draw(case):
    """Two implementations, written apart, give the same file."""
    draw_list, seed, withdrawn = case
    file = published(draw_list, seed, draw(draw_list, seed, withdrawn), withdrawn)
    assert draw_check.repeat(file) == file
    assert draw_check.difference(file) == ""


@laws
@given(draws_of_lists(), st.data())
def test_the_script_and_the_promises_find_the_same_changed_places(case, data):
    draw_list, seed, withdrawn = case
    result = draw(draw_list, seed, withdrawn)
    places = dict(result.admitted)
    for number in data.draw(st.sets(st.sampled_from(result.order), max_size=2)) if result.order else ():
        places[number] = data.draw(st.sampled_from("ABC"))
    changed = dataclasses.replace(result, admitted=places)
    found = bool(broken_promises(draw_list, seed, changed, withdrawn))
    assert found == (places != result.admitted)
    assert bool(draw_check.difference(published(draw_list, seed, changed, withdrawn))) == found
