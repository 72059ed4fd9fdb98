"""What is deleted when: rooms declare RULES in ``retention.py``; a daily task and a command carry them out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Rule:
    """What is kept how long: ``find(now)`` returns the rows that are over, ``purge(rows)`` empties or deletes them.

    ``purge`` returns how many it did; what it leaves is found again tomorrow, and a missed night is caught up. ``keep``
    is for people to read.
    """

    code: str
    title: str
    keep: timedelta
    find: Callable
    purge: Callable


RULES = ()
