"""Who sits with whom, round by round: every man meets every woman once, in as few rounds as there can be.

Pure calculation. With ``small`` and ``large`` people on the two lists and T tables, no plan has fewer rounds than
``max(large, ceil(small * large / T))``, and this one has no more. Each meets all of the other list, so that everyone of
one list has the same number of breaks; the order of the rounds spreads them over the evening.
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
    """Return the rounds as lists of (table, man, woman), tables from 1; ``men`` and ``women`` are lists of anything.

    With tables enough the shorter list stays seated and the longer one moves on.
    """
    small, large = sorted((list(men), list(women)), key=len)
    flipped = len(men) > len(women)
    if not small:
        return []
    tables = min(tables or len(small), len(small))
    # Diagonals: in turn r the i-th of the shorter list meets the (i + r)-th of the longer.
    turns = [[(one, (one + turn) % len(large)) for one in range(len(small))] for turn in range(len(large))]
    if tables == len(small):
        rounds = [[(one + 1, one, other) for one, other in turn] for turn in turns]
    else:
        # Cut into pieces, a piece may end one turn and begin the next: nobody is in both parts of it.
        row = [pair for turn in turns for pair in turn]
        pieces = [row[at : at + tables] for at in range(0, len(row), tables)]
        rounds = [[(table, *pair) for table, pair in enumerate(piece, start=1)] for piece in pieces]
    return [
        [(table, large[b], small[a]) if flipped else (table, small[a], large[b]) for table, a, b in rounds[at]]
        for at in _spread(len(rounds))
    ]


def _spread(count: int) -> list[int]:
    """Return the numbers below ``count`` in an order in which neighbours lie far apart, by the golden section."""
    step = max(round(count * GOLDEN), 1)
    while gcd(step, count) != 1:
        step += 1
    return [at * step % count for at in range(count)]
