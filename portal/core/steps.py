"""What a transition table is made of; tables stand in ``choices.py`` and import nothing heavier."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A step of a transition table: ``time`` says that a Clock may take it, ``person`` that a member may.

    ``allowed(actor, row)`` narrows who may.
    """

    person: bool = True
    time: bool = False
    allowed: object = None


def place_in(order, state):
    """Return the place of ``state`` in the line of states a page shows; -1, before the first, for one that is none."""
    return list(order).index(state) if state in order else -1
