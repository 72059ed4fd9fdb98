"""What a rule of deletion is made of; rooms declare theirs in ``retention.py`` as RULES."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Rule:
    """What is kept how long: ``find(now)`` returns the rows whose time is over, ``purge(rows)`` empties or deletes
    them in one transaction and returns how many.
    """

    code: str
    title: str
    keep: timedelta
    find: Callable
    purge: Callable
