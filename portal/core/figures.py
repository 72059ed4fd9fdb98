"""What an indicator is made of: rows, where and when they count, and how they are added. Pure declarations.

A floor or room lists its ``INDICATORS`` in ``indicators.py``. ``rows`` is a function that returns a queryset, so that
nothing is asked before the applications are loaded; ``organization``, ``on``, ``since``, ``until`` and ``person`` are
lookups from such a row. A date may be a time: it then counts on the day it has in Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from portal.core.choices import Area, Level

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from django.db.models import QuerySet


@dataclass(frozen=True)
class Count:
    """Each row counts one."""


@dataclass(frozen=True)
class Sum:
    """Each row counts what stands in ``column``."""

    column: str


def places(organization: str | Iterable[str]) -> tuple[str, ...]:
    """Return the lookups of ``organization`` as a tuple: a row may count at several organisations."""
    return (organization,) if isinstance(organization, str) else tuple(organization)


@dataclass(frozen=True)
class Flow:
    """What happened in a period: rows by the day they happened. Adds over organisations and over time."""

    rows: Callable[[], QuerySet[Any]]
    organization: str | tuple[str, ...]
    on: str
    measure: Count | Sum = field(default_factory=Count)


@dataclass(frozen=True)
class Stock:
    """What there is on the last day of a period: rows from ``since`` until before ``until``.

    Adds over organisations, takes the last over time. ``since`` None is as long as the organisation's line exists.
    """

    rows: Callable[[], QuerySet[Any]]
    organization: str | tuple[str, ...]
    since: str | None = None
    until: str | None = None
    measure: Count | Sum = field(default_factory=Count)


@dataclass(frozen=True)
class People:
    """Distinct persons (人数) of what happened in a period; counted from rows at every node, never added."""

    rows: Callable[[], QuerySet[Any]]
    organization: str | tuple[str, ...]
    on: str
    person: str


@dataclass(frozen=True)
class Ratio:
    """``factor`` times the numerator's figure by the denominator's: summed parts, never a mean of ratios."""

    numerator: str
    denominator: str
    factor: int = 1
    percent: bool = True


@dataclass(frozen=True)
class Indicator:
    """One figure of the register: its code, its words, and the declaration it is counted by.

    ``opens_from``: its rows open at that level and below; above it the number stands without a link. ``touched_by``
    names further sources (model labels) whose touches recount it; those of its own rows' model always do. ``headline``
    ones stand on first pages, ``public`` ones on the page anyone reads. ``row_url(row)`` is where a row leads; without
    it to its own page.
    """

    code: str
    name: str | Promise
    definition: str | Promise
    unit: str | Promise
    area: Area
    figure: Flow | Stock | People | Ratio
    order: int = 0
    opens_from: Level | None = None
    touched_by: tuple[str, ...] = ()
    headline: bool = False
    public: bool = False
    row_url: Callable[[Any], str] | None = None

    @property
    def kind(self) -> str:
        """``flow``, ``stock``, ``people`` or ``ratio``."""
        return type(self.figure).__name__.lower()
