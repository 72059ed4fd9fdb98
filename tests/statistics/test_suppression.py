"""Nobody can recover a small cell from published tables.

The reader in these tests does more than subtract from a total.
"""

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.statistics.suppression import Hidden, hidden_cells, is_small, recoverable, with_totals
from tests.calls import calls_of
from tests.statistics.solver import possible, recovered

TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 12, 30]), min_size=width, max_size=width),
        min_size=1,
        max_size=5,
    )
)


def fits(table, hidden, guess):
    """Return whether ``guess`` (position -> value) fits all sums of ``table`` and the rules of ``hidden``."""

    def value(at, to):
        return guess.get((at, to), table[at][to])

    height, width = len(table), len(table[0])
    means = all(0 < guess[cell] < 5 if why == Hidden.SMALL else guess[cell] >= 5 for cell, why in hidden.items())
    rows = all(sum(value(at, to) for to in range(width - 1)) == value(at, width - 1) for at in range(height))
    columns = all(sum(value(at, to) for at in range(height - 1)) == value(height - 1, to) for to in range(width))
    return means and rows and columns


def test_every_small_cell_is_hidden_and_never_alone():
    cells = [[12, 3, 9, 20], [30, 8, 7, 6], [5, 11, 14, 10]]
    hidden = hidden_cells(cells)
    assert hidden[0, 1] == Hidden.SMALL
    for line in (
        *[[(at, to) for to in range(5)] for at in range(4)],
        *[[(at, to) for at in range(4)] for to in range(5)],
    ):
        assert sum(position in hidden for position in line) != 1


def test_a_table_without_small_cells_is_shown_whole():
    assert hidden_cells([[5, 0], [7, 100]]) == {}


def test_zero_is_told():
    hidden = hidden_cells([[0, 3, 8], [0, 9, 9]])
    assert all(with_totals([[0, 3, 8], [0, 9, 9]])[at][to] for at, to in hidden)


def test_the_planted_leak_is_seen():
    """A single hidden cell in a row is the total minus the other cells."""
    table = with_totals([[12, 3], [30, 8]])
    assert recoverable(table, {(0, 1): Hidden.SMALL}) == [(0, 1)]
    assert recoverable(table, {(0, 1): Hidden.SMALL, (0, 0): Hidden.WITH_IT}) == [(0, 1)]


def test_bounds_give_nothing_away_either():
    """Two hidden cells with a sum of 8 could only be 3 and 5 if a reader knows that 5 is the least.

    In this case more cells are hidden.
    """
    cells = [[3, 5], [40, 60]]
    assert recoverable(with_totals(cells), hidden_cells(cells)) == []


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(TABLES)
def test_no_small_cell_is_recovered(cells):
    table = with_totals(cells)
    hidden = hidden_cells(cells)
    small = {(at, to) for at, row in enumerate(table) for to, value in enumerate(row) if is_small(value)}
    assert small == {cell for cell, why in hidden.items() if why == Hidden.SMALL}
    assert recoverable(table, hidden) == []
    if Hidden.WHOLE not in hidden.values():
        assert recovered(table, hidden) == []


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_what_is_recovered_is_what_the_solver_recovers(cells, chance):
    """In tables with too few hidden cells, exactly the cells are found that optimisation finds."""
    table = with_totals(cells)
    hidden = hidden_cells(cells)
    if Hidden.WHOLE in hidden.values():
        return
    less = {cell: why for cell, why in hidden.items() if why == Hidden.SMALL or chance.random() < 0.6}
    assert recoverable(table, less) == recovered(table, less)


# For each cell; the costliest tables take 42.
MOST_CALLS = 60


def grown(units, values, seed=7):
    chance = random.Random(seed)
    return [[chance.choice(values) for _quarter in range(4)] for _unit in range(units)]


@pytest.mark.parametrize("values", [[0, 5, 6, 7, 9, 12, 40, 3], [0, 1, 2, 3, 4], [2, 3], [0, 0, 0, 1], [5, 5, 5, 4]])
@pytest.mark.parametrize("units", [40, 130, 1000, 3000])
def test_what_it_costs_is_bounded_by_the_size_of_the_table(units, values):
    cells = grown(units, values)
    hidden, calls = calls_of(lambda: hidden_cells(cells))
    assert calls < MOST_CALLS * len(cells) * len(cells[0])
    assert Hidden.WHOLE in hidden.values() or recoverable(with_totals(cells), hidden) == []


@pytest.mark.parametrize("units", [40, 130])
def test_large_tables_are_safe_for_the_solver_too(units):
    cells = grown(units, [0, 5, 6, 7, 9, 12, 40, 3])
    hidden = hidden_cells(cells)
    table = with_totals(cells)
    assert Hidden.WHOLE not in hidden.values()
    small = [cell for cell, why in hidden.items() if why == Hidden.SMALL]
    assert all(len(possible(table, hidden, cell)) > 1 for cell in random.Random(3).sample(small, 8))


@pytest.mark.parametrize("cells", [[[1, 7], [8, 2]], [[3, 0], [0, 6]], [[4]], [[2, 2, 20]]])
def test_by_trying_every_value(cells):
    """Without the solver: each small cell has two or more possible values, or the whole table is hidden."""
    table = with_totals(cells)
    hidden = hidden_cells(cells)
    most = max(max(row) for row in table) + 6
    order = sorted(hidden)
    ranges = [range(1, 5) if hidden[cell] == Hidden.SMALL else range(5, most + 1) for cell in order]
    found = {cell: set() for cell, why in hidden.items() if why == Hidden.SMALL}
    for values in product(*ranges):
        guess = dict(zip(order, values, strict=True))
        if fits(table, hidden, guess):
            for cell in found:
                found[cell].add(guess[cell])
    assert all(len(values) > 1 for values in found.values())


def test_four_small_cells_that_make_a_small_one_tell_nothing():
    """Four cells of at least 1 with a sum below 5 must all be 1, so the table is not shown at all."""
    cells = [[1, 1], [1, 1], [1, 1], [1, 0]]
    assert set(hidden_cells(cells).values()) == {Hidden.WHOLE}
    assert len(hidden_cells(cells)) == 5 * 3
