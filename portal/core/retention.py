"""What is deleted when: rooms declare RULES in ``retention.py``; a daily task and a command carry them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from django.db.models import QuerySet
    from django.utils.functional import Promise


@dataclass(frozen=True)
class Rule:
    """What is kept how long: ``find(now)`` returns the rows that are over, ``purge(rows)`` empties or deletes them.

    ``purge`` returns how many it did; what it leaves is found again tomorrow, and a missed night is caught up. ``keep``
    is for people to read.
    """

    code: str
    title: str | Promise
    keep: timedelta
    find: Callable[[datetime], QuerySet[Any]]
    purge: Callable[[Any], int]


RULES: tuple[Rule, ...] = ()
