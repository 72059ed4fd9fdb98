"""When data is deleted: areas declare RULES in ``retention.py``; a daily task and a command use them."""

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
    """How long data is kept: ``find(now)`` returns expired rows, ``purge(rows)`` deletes or empties them.

    ``purge`` returns the number of rows it handled; rows that it leaves are found again the next day, and a missed
    night is made up for. ``keep`` is information for people.
    """

    code: str
    title: str | Promise
    keep: timedelta
    find: Callable[[datetime], QuerySet[Any]]
    purge: Callable[[Any], int]


RULES: tuple[Rule, ...] = ()
