"""Hiding small cells of a table that leaves the house, so that nobody recovers them from what is shown.

A table has rows (organisations) and columns (quarters) that add up; its last row and last column are the totals,
which are published too. Cells of 1 to 4 are hidden as such (``SMALL``); further ones are hidden with them
(``WITH_IT``) until no small cell can be computed from the rest, by whoever knows these rules. Pure calculation.
"""

from enum import StrEnum

from scipy.optimize import Bounds, LinearConstraint, milp

LEAST = 5
# Cells hidden beside a small one are never zero: a zero is told, so a hidden one is known to be at least this.
FAR = 10**9


class Hidden(StrEnum):
    SMALL = "small"
    WITH_IT = "with_it"
    WHOLE = "whole"


def with_totals(cells):
    """Return ``cells`` (rows of whole numbers) with a column and a row of totals behind them."""
    rows = [[*row, sum(row)] for row in cells]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def is_small(value):
    """Say whether a count would point at people: 1 to 4."""
    return 0 < value < LEAST


def hidden_cells(cells):
    """Return what is hidden of ``with_totals(cells)``, as a dict of (row, column) -> ``Hidden``.

    First the small cells; then, in each row and each column in which one cell alone is hidden, the next smallest that
    is not zero; last, whatever else must go before the arithmetic leaves each small cell two possible values.
    """
    table = with_totals(cells)
    lines = _lines(table)
    hidden = {(at, to): Hidden.SMALL for at, row in enumerate(table) for to, value in enumerate(row) if is_small(value)}
    _hide_lonely(table, lines, hidden)
    while found := recoverable(table, hidden):
        if not _hide_one_more(table, lines, hidden, found[0]):
            return _all_hidden(table, hidden)
        _hide_lonely(table, lines, hidden)
    return hidden


def _all_hidden(table, hidden):
    """Return what is hidden where nothing is left to hide a small cell behind: every number.

    Where even "a number of 1 to 4" and the zeros told give one away (four such cells that make another), nothing at all
    is said of the table (``WHOLE``).
    """
    cells = [(at, to) for at, row in enumerate(table) for to, _value in enumerate(row)]
    numbers = {cell: hidden.get(cell, Hidden.WITH_IT) for cell in cells if table[cell[0]][cell[1]]}
    return dict.fromkeys(cells, Hidden.WHOLE) if recoverable(table, numbers) else numbers


def recoverable(table, hidden):
    """Return the small cells that what is shown of ``table`` gives away: those with one possible value left."""
    small = [cell for cell, why in hidden.items() if why == Hidden.SMALL]
    return [cell for cell in small if len(possible(table, hidden, cell)) == 1]


def possible(table, hidden, cell):
    """Return the least and the largest value of a hidden ``cell`` that agree with all that is shown, as a set.

    Known to the reader: every cell shown, that rows and columns add up, and what being hidden means.
    """
    order = {position: number for number, position in enumerate(sorted(hidden))}
    equations, sums = [], []
    for *parts, total in _lines(table):
        line = [0] * len(order)
        known = 0
        for position, sign in [*((part, 1) for part in parts), (total, -1)]:
            if position in order:
                line[order[position]] = sign
            else:
                known += sign * table[position[0]][position[1]]
        if any(line):
            equations.append(line)
            sums.append(-known)
    least = [1 if hidden[position] == Hidden.SMALL else LEAST for position in order]
    most = [LEAST - 1 if hidden[position] == Hidden.SMALL else FAR for position in order]
    found = set()
    for sign in (1, -1):
        aim = [0] * len(order)
        aim[order[cell]] = sign
        answer = milp(
            aim,
            constraints=LinearConstraint(equations, sums, sums),
            integrality=[1] * len(order),
            bounds=Bounds(least, most),
        )
        found.add(round(answer.x[order[cell]]))
    return found


def _lines(table):
    """Return every sum of the table as a list of positions, the total last."""
    height, width = len(table), len(table[0])
    rows = [[(at, to) for to in range(width)] for at in range(height)]
    columns = [[(at, to) for at in range(height)] for to in range(width)]
    return [*rows, *columns]


def _hide_lonely(table, lines, hidden):
    """Hide the next smallest cell in every line in which one alone is hidden, until there is none."""
    again = True
    while again:
        again = False
        for line in lines:
            if sum(position in hidden for position in line) == 1:
                again = _hide_smallest(table, line, hidden) or again


def _hide_smallest(table, positions, hidden):
    shown = [position for position in positions if position not in hidden and table[position[0]][position[1]]]
    if not shown:
        return False
    hidden[min(shown, key=lambda position: (table[position[0]][position[1]], position))] = Hidden.WITH_IT
    return True


def _hide_one_more(table, lines, hidden, cell):
    """Hide the smallest cell that stands in a sum with ``cell``, else the smallest of all; tell whether one was."""
    beside = [position for line in lines if cell in line for position in line]
    return _hide_smallest(table, beside, hidden) or _hide_smallest(
        table, [(at, to) for at, row in enumerate(table) for to, _value in enumerate(row)], hidden
    )
