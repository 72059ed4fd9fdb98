"""What a transition table is made of; tables stand in ``choices.py`` and import nothing heavier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


@dataclass(frozen=True)
class Step:
    """A step of a transition table: ``time`` says that a Clock may take it, ``person`` that a member may.

    ``allowed(actor, row)`` narrows who may.
    """

    person: bool = True
    time: bool = False
    allowed: Callable[[Any, Any], bool] | None = None


def place_in(order: Sequence[Any], state: object) -> int:
    """Return the place of ``state`` in the line of states a page shows; -1, before the first, for one that is none."""
    return list(order).index(state) if state in order else -1
