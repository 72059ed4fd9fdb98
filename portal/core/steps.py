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
