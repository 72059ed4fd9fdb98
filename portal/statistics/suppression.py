"""Hides small cells of a table that leaves the union, so that nobody can compute them from the rest.

A table has rows (organisations) and columns (quarters) that add up; its last row and last column are the totals, which
are published too. Cells of 1 to 4 are hidden because they are small (``SMALL``). Further cells are hidden with them
(``WITH_IT``) until nobody who knows these rules can compute a small cell from the rest. Pure calculation.

A network, and not a solver, answers whether a cell can be computed. Rows and columns are nodes, hidden cells are arcs,
and each sum says that what flows into a node flows out of it: a table that agrees with all that is shown is a
circulation. The true table is one. Another circulation with another value in a cell exists if and only if the cell is
on a cycle along which every cell can grow by one, or shrink by one, within its bounds (the bounds of a network are
whole numbers, so it is enough to look at steps of one). Because a table has few columns, the search for a cycle goes
from column to column: the number of steps for a cell depends only on the number of columns, and each cell is judged
once, because hiding more never makes another cell computable. The total time is proportional to the number of cells,
whatever they contain.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Rows = Sequence[Sequence[int]]
    # Row and column of a cell.
    Place = tuple[int, int]
    # A row or a column with its number, or "all".
    Line = tuple[str, int] | str

LEAST = 5


class Hidden(StrEnum):
    SMALL = "small"
    WITH_IT = "with_it"
    WHOLE = "whole"


def with_totals(cells: Rows) -> list[list[int]]:
    """Return ``cells`` (rows of whole numbers) with a column and a row of totals added at the end."""
    rows = [[*row, sum(row)] for row in cells]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def is_small(value: int) -> bool:
    """Return whether a count is so small that it would point at persons: 1 to 4."""
    return 0 < value < LEAST


def hidden_cells(cells: Rows) -> dict[Place, Hidden]:
    """Return the cells of ``with_totals(cells)`` to hide, as a dict of (row, column) -> ``Hidden``.

    First the small cells are hidden. Then, in each row and each column with only one hidden cell, the next smallest
    that is not zero. Last, any further cells that must be hidden until each small cell has at least two possible
    values.
    """
    table = with_totals(cells)
    small = [(at, to) for at, row in enumerate(table) for to, value in enumerate(row) if is_small(value)]
    making = _Making(table, small)
    for cell in small:
        while making.network.is_fixed(cell):
            if not making.hide_beside(cell):
                return _all_hidden(table, small)
    return dict(sorted(making.hidden.items()))


def _all_hidden(table: Rows, small: Sequence[Place]) -> dict[Place, Hidden]:
    """Return what is hidden when no cell is left to protect a small cell: every number.

    Even then the zeros that are shown and the statement "a number of 1 to 4" may give a small cell away (four such
    cells that make another). In that case the whole table is hidden (``WHOLE``).
    """
    cells = [(at, to) for at, row in enumerate(table) for to, _value in enumerate(row)]
    numbers = {cell: Hidden.WITH_IT for cell in cells if table[cell[0]][cell[1]]} | dict.fromkeys(small, Hidden.SMALL)
    return dict.fromkeys(cells, Hidden.WHOLE) if recoverable(table, numbers) else numbers


def recoverable(table: Rows, hidden: Mapping[Place, Hidden]) -> list[Place]:
    """Return the small cells that the shown part of ``table`` gives away: one possible value is left.

    The reader knows every cell shown, that rows and columns add up, and what being hidden means.
    """
    network = _Network(table)
    for cell, why in hidden.items():
        network.hide(cell, why)
    return [cell for cell, why in sorted(hidden.items()) if why == Hidden.SMALL and network.is_fixed(cell)]


class _Network:
    """The hidden cells of a table as arcs between its rows and its columns.

    An arc of a cell in the body goes from its row to its column, the arcs of row totals and column totals go back, and
    the arc of the grand total goes as in the body. One unit more can flow along an arc whose value may grow, and
    against an arc whose value may shrink.
    """

    def __init__(self, table: Rows) -> None:
        self.table = table
        self.height, self.width = len(table), len(table[0])
        # For each row, the columns into which and out of which one unit more can flow.
        self.into: list[set[int]] = [set() for _row in table]
        self.out_of: list[set[int]] = [set() for _row in table]
        # The number of rows through which one unit more can flow from one column to another.
        self.through = [[0] * self.width for _column in range(self.width)]

    def hide(self, cell: Place, why: Hidden) -> None:
        at, to = cell
        value = self.table[at][to]
        grows = why == Hidden.WITH_IT or value < LEAST - 1
        shrinks = value > (1 if why == Hidden.SMALL else LEAST)
        is_total = (at == self.height - 1) != (to == self.width - 1)
        before = (set(self.into[at]), set(self.out_of[at]))
        if shrinks if is_total else grows:
            self.into[at].add(to)
        if grows if is_total else shrinks:
            self.out_of[at].add(to)
        for start in self.out_of[at]:
            for end in self.into[at]:
                if start != end and not (start in before[1] and end in before[0]):
                    self.through[start][end] += 1

    def is_fixed(self, cell: Place) -> bool:
        """Return whether a hidden cell can neither grow nor shrink while all that is shown stays the same."""
        at, to = cell
        # Out of the row by this cell and back by another one, or in the opposite direction.
        if to in self.into[at] and self._leads(at, {to}, self.out_of[at] - {to}):
            return False
        return not (to in self.out_of[at] and self._leads(at, self.into[at] - {to}, {to}))

    def _leads(self, at: int, starts: set[int], ends: set[int]) -> bool:
        """Return whether one unit more can flow from ``starts`` to ``ends`` (columns) without row ``at``."""
        reached, waiting = set(starts), list(starts)
        while waiting:
            here = waiting.pop()
            if here in ends:
                return True
            inside = here in self.out_of[at]
            for there in range(self.width):
                if there not in reached and self.through[here][there] - (inside and there in self.into[at]) > 0:
                    reached.add(there)
                    waiting.append(there)
        return False


class _Making:
    """A table while more and more of its cells are hidden.

    At the start the cells in ``small`` are hidden, and with each one that is alone in its row or column another cell.
    """

    def __init__(self, table: Rows, small: Iterable[Place]) -> None:
        self.table, self.network = table, _Network(table)
        self.hidden: dict[Place, Hidden] = {}
        height, width = len(table), len(table[0])
        numbers = [(at, to) for at in range(height) for to in range(width) if table[at][to]]
        numbers.sort(key=lambda cell: (-table[cell[0]][cell[1]], -cell[0], -cell[1]))
        # The cells that can still be hidden of each row, each column and the table, the smallest last.
        self.left: dict[Line, list[Place]] = {("row", at): [] for at in range(height)}
        self.left |= {("column", to): [] for to in range(width)}
        for cell in numbers:
            for line in self._lines(cell):
                self.left[line].append(cell)
        self.left["all"] = numbers
        self.count = dict.fromkeys(self.left, 0)
        for cell in small:
            self._hide(cell, Hidden.SMALL)
        self._hide_lonely(self.left)

    @staticmethod
    def _lines(cell: Place) -> tuple[Line, Line]:
        return ("row", cell[0]), ("column", cell[1])

    def _hide(self, cell: Place, why: Hidden) -> None:
        self.hidden[cell] = why
        self.network.hide(cell, why)
        for line in self._lines(cell):
            self.count[line] += 1

    def _next(self, line: Line) -> Place | None:
        """Return the shown cell with the smallest number in a row or column, or None."""
        left = self.left[line]
        while left and left[-1] in self.hidden:
            left.pop()
        return left[-1] if left else None

    def _hide_lonely(self, lines: Iterable[Line]) -> None:
        """Hide the next smallest cell in each line with only one hidden cell, until there is no such line."""
        waiting = list(lines)
        while waiting:
            line = waiting.pop()
            cell = self._next(line) if self.count[line] == 1 else None
            if cell is not None:
                self._hide(cell, Hidden.WITH_IT)
                waiting += self._lines(cell)

    def hide_beside(self, cell: Place) -> bool:
        """Hide the smallest number in the row or column of ``cell``; return whether one was left to hide.

        Where both have none left, the smallest number of the table is hidden.
        """
        beside = [found for line in self._lines(cell) if (found := self._next(line)) is not None]
        found = min(beside, key=lambda at: (self.table[at[0]][at[1]], at)) if beside else self._next("all")
        if found is None:
            return False
        self._hide(found, Hidden.WITH_IT)
        self._hide_lonely(self._lines(found))
        return True
