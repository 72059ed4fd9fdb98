"""The result of an inspection: weights, optional items, vetoes, grades; rounding; and what must always hold."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.inspections.scoring import Grade, Item, Mark, judge, mark_for, share_of

STARS = [Grade(70, "3"), Grade(80, "4"), Grade(90, "5")]


def item(number, points=10, **fields):
    return Item(number, fields.pop("group", "a"), points, **fields)


def scored(*points, items=None, grades=STARS):
    """Return the result of as many items of ten points."""
    items = items or [item(number) for number in range(1, len(points) + 1)]
    marks = {one.number: mark_for(one, points=given) for one, given in zip(items, points, strict=True)}
    return judge(items, marks, grades)


@pytest.mark.parametrize(
    ("points", "share", "grade"),
    [
        ((10, 10), "100.00", "5"),
        ((9, 9), "90.00", "5"),
        ((9, 8), "85.00", "4"),
        ((8, 8), "80.00", "4"),
        ((8, 7), "75.00", "3"),
        ((7, 7), "70.00", "3"),
        ((7, 6), "65.00", ""),
        ((0, 0), "0.00", ""),
    ],
)
def test_a_grade_is_reached_with_its_percentage(points, share, grade):
    found = scored(*points)
    assert (found.total, found.maximum) == (sum(points), 20)
    assert (found.share, found.grade, found.vetoes, found.missing) == (Decimal(share), grade, (), ())
    assert found.passed


def test_a_share_is_rounded_down_so_that_it_never_shows_a_grade_that_is_not_reached():
    heavy = [item(1, 20, weight=Decimal("99.99")), item(2, 1, weight=Decimal("0.01"))]
    # 1999.80 of 1999.81 points are 99.9994... percent.
    found = scored(20, 0, items=heavy, grades=[Grade(100, "all"), Grade(99, "nearly")])
    assert (found.share, found.grade) == (Decimal("99.99"), "nearly")
    assert share_of(Decimal(2), Decimal(3)) == Decimal("66.66")
    assert share_of(Decimal(0), Decimal(0)) is None


def test_weights_multiply_points_and_maximum():
    items = [item(1, weight=Decimal(2)), item(2, weight=Decimal("0.5"), group="b")]
    found = scored(5, 10, items=items)
    assert (found.total, found.maximum, found.share) == (Decimal(15), Decimal(25), Decimal("60.00"))
    assert [(part.group, part.total, part.maximum, part.share) for part in found.parts] == [
        ("a", Decimal(10), Decimal(20), Decimal("50.00")),
        ("b", Decimal(5), Decimal(5), Decimal("100.00")),
    ]


def test_an_item_that_does_not_apply_leaves_the_denominator():
    items = [item(1), item(2, required=False), item(3, required=False)]
    marks = {1: mark_for(items[0], points=8), 2: mark_for(items[1], applies=False)}
    found = judge(items, marks, STARS)
    # The third is optional and has no answer: it does not count either.
    assert (found.total, found.maximum, found.share, found.missing) == (8, 10, Decimal("80.00"), ())


def test_required_items_without_an_answer_are_named():
    items = [item(3), item(1), item(2, required=False), item(4, 0)]
    found = judge(items, {1: mark_for(items[1], points=0)}, STARS)
    assert found.missing == (3, 4)
    assert not found.passed


def test_a_veto_fails_whatever_the_points():
    items = [item(1), item(2, 5, veto=True), item(3, 0, veto=True)]
    marks = {1: Mark(10, True), 2: mark_for(items[1], met=True), 3: mark_for(items[2], met=False)}
    found = judge(items, marks, STARS)
    assert (found.total, found.maximum, found.share) == (15, 15, Decimal("100.00"))
    assert (found.vetoes, found.grade, found.passed) == ((3,), "", False)
    met = judge(items, marks | {3: mark_for(items[2], met=True)}, STARS)
    assert (met.vetoes, met.grade, met.passed) == ((), "5", True)


def test_without_points_there_is_no_share_and_no_grade():
    items = [item(1, 0), item(2, 0)]
    found = judge(items, {one.number: mark_for(one, met=True) for one in items}, [Grade(0, "any")])
    assert (found.total, found.maximum, found.share, found.grade, found.passed) == (0, 0, None, "", True)
    assert judge([], {}, STARS).share is None


@pytest.mark.parametrize(
    ("fields", "answer", "mark"),
    [
        ({}, {"points": 10}, Mark(10, True)),
        ({}, {"points": 9}, Mark(9, False)),
        ({}, {"points": 0}, Mark(0, False)),
        ({}, {}, Mark()),
        ({"points": 0}, {"met": True}, Mark(0, True)),
        ({"points": 5, "veto": True}, {"met": True}, Mark(5, True)),
        ({"points": 5, "veto": True}, {"met": False}, Mark(0, False)),
        ({"points": 5, "veto": True}, {}, Mark()),
        ({"required": False}, {"applies": False}, Mark(applies=False)),
        ({"required": False}, {"applies": False, "points": 3}, Mark(applies=False)),
    ],
)
def test_an_answer_becomes_points_and_met(fields, answer, mark):
    assert mark_for(item(1, **fields), **answer) == mark


@pytest.mark.parametrize(
    ("fields", "answer", "why"),
    [
        ({}, {"points": 11}, "points"),
        ({}, {"points": -1}, "points"),
        ({}, {"met": True}, "points"),
        ({}, {"applies": False}, "required"),
        ({"points": 0}, {"points": 0}, "yes-or-no"),
        ({"veto": True}, {"points": 3}, "yes-or-no"),
    ],
)
def test_an_answer_that_an_item_does_not_take_is_refused(fields, answer, why):
    with pytest.raises(ValueError, match=why):
        mark_for(item(1, **fields), **answer)


@st.composite
def rubrics(draw):
    """Return items with the marks of all of them."""
    items, marks = [], {}
    for number in range(1, draw(st.integers(1, 12)) + 1):
        one = Item(
            number,
            draw(st.sampled_from("abc")),
            draw(st.integers(0, 20)),
            draw(st.decimals("0.01", 100, places=2)),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        items.append(one)
        if not one.required and draw(st.booleans()):
            marks[number] = mark_for(one, applies=False)
        elif one.by_yes_or_no:
            marks[number] = mark_for(one, met=draw(st.booleans()))
        else:
            marks[number] = mark_for(one, points=draw(st.integers(0, one.points)))
    return items, marks


def better(one, mark):
    """Return the next better mark of an item, or the same if there is none."""
    if not mark.applies or mark.met:
        return mark
    return mark_for(one, met=True) if one.by_yes_or_no else mark_for(one, points=mark.points + 1)


LADDER = [Grade(0, "0"), *STARS]
RANKS = {"": -1, "0": 0, "3": 1, "4": 2, "5": 3}


@given(rubrics())
def test_a_better_answer_never_makes_the_result_worse(made):
    items, marks = made
    before = judge(items, marks, LADDER)
    for one in items:
        after = judge(items, marks | {one.number: better(one, marks[one.number])}, LADDER)
        assert after.total >= before.total
        assert after.maximum == before.maximum
        assert set(after.vetoes) <= set(before.vetoes)
        assert RANKS[after.grade] >= RANKS[before.grade]
        assert before.share is None or after.share >= before.share


@given(rubrics(), st.randoms())
def test_the_share_is_a_percentage_and_the_order_does_not_matter(made, chance):
    items, marks = made
    found = judge(items, marks, LADDER)
    assert found.share is None or 0 <= found.share <= 100
    assert 0 <= found.total <= found.maximum
    assert sum(part.total for part in found.parts) == found.total
    mixed, grades = list(items), list(LADDER)
    chance.shuffle(mixed)
    chance.shuffle(grades)
    assert judge(mixed, marks, grades) == found


@given(rubrics())
def test_only_full_marks_give_everything(made):
    items, marks = made
    found = judge(items, marks, LADDER)
    full = all(mark.met for one, mark in zip(items, marks.values(), strict=True) if mark.applies and one.points)
    assert (found.total == found.maximum) == full
