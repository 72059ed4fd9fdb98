"""What is deleted when: rooms declare RULES in ``retention.py``; a daily task and a command carry them out."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule: ``due(now)`` returns a queryset of rows that are over, ``delete(row)`` deletes one in a transaction.

    ``delete`` returns whether it did; what it leaves is due again tomorrow, and a missed night is caught up.
    """

    code: str
    title: str
    due: Callable
    delete: Callable


RULES = ()
