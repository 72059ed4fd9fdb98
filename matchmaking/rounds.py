"""The round plan: every man meets every woman once, in the smallest possible number of rounds.

This module only computes. With ``small`` and ``large`` people on the two lists and T tables, no plan has fewer rounds
than ``max(large, ceil(small * large / T))``, and this plan has no more. Each person meets all of the other list, so
that everyone on the same list has the same number of breaks; the order of the rounds spreads the breaks over the
evening.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection

Person = TypeVar("Person")
GOLDEN = 0.6180339887498949


def round_plan(
    men: Collection[Person], women: Collection[Person], tables: int | None = None
) -> list[list[tuple[int, Person, Person]]]:
    """Return the rounds as lists of (table, man, woman), with tables numbered from 1.

    ``men`` and ``women`` are collections of any objects. With enough tables the shorter list stays seated and the
    longer one moves on.
    """
    small, large = sorted((list(men), list(women)), key=len)
    flipped = len(men) > len(women)
    if not small:
        return []
    tables = min(tables or len(small), len(small))
    # Diagonals: in turn r, person i of the shorter list meets person (i + r) of the longer list.
    turns = [[(one, (one + turn) % len(large)) for one in range(len(small))] for turn in range(len(large))]
    if tables == len(small):
        rounds = [[(one + 1, one, other) for one, other in turn] for turn in turns]
    else:
        # When the row is cut into pieces, a piece may end one turn and begin the next: nobody is in both parts of it.
        row = [pair for turn in turns for pair in turn]
        pieces = [row[at : at + tables] for at in range(0, len(row), tables)]
        rounds = [[(table, *pair) for table, pair in enumerate(piece, start=1)] for piece in pieces]
    return [
        [(table, large[b], small[a]) if flipped else (table, small[a], large[b]) for table, a, b in rounds[at]]
        for at in _spread(len(rounds))
    ]


def _spread(count: int) -> list[int]:
    """Return the numbers below ``count`` in an order with distant neighbours, by the golden section."""
    step = max(round(count * GOLDEN), 1)
    while gcd(step, count) != 1:
        step += 1
    return [at * step % count for at in range(count)]
