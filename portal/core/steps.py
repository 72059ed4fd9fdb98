"""The parts of a transition table; the tables are in ``choices.py`` and import nothing heavier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


@dataclass(frozen=True)
class Step:
    """A step of a transition table: ``time`` says that a Clock may take it, ``person`` that a member may.

    ``allowed(actor, row)`` further restricts who may take it.
    """

    person: bool = True
    time: bool = False
    allowed: Callable[[Any, Any], bool] | None = None


def place_in(order: Sequence[Any], state: object) -> int:
    """Return the position of ``state`` in the line of states that a page shows, or -1 if it is not there.

    -1 is before the first.
    """
    return list(order).index(state) if state in order else -1
