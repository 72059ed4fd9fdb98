"""Declarations of indicators: their rows, where and when the rows count, and how they are added.

A shared package or area lists its ``INDICATORS`` in ``indicators.py``. ``rows`` is a function that returns a queryset,
so that no query is built before the applications are loaded; ``organization``, ``on``, ``since``, ``until`` and
``person`` are lookups from such a row. A date may be a time: it then counts on its day in Asia/Shanghai.
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
    """Each row counts as one."""


@dataclass(frozen=True)
class Sum:
    """Each row counts as the value of ``column``."""

    column: str


def places(organization: str | Iterable[str]) -> tuple[str, ...]:
    """Return the lookups of ``organization`` as a tuple: a row may count at several organisations."""
    return (organization,) if isinstance(organization, str) else tuple(organization)


@dataclass(frozen=True)
class Flow:
    """What happened in a period: rows by the day on which they happened.

    Added up over organisations and over time.
    """

    rows: Callable[[], QuerySet[Any]]
    organization: str | tuple[str, ...]
    on: str
    measure: Count | Sum = field(default_factory=Count)


@dataclass(frozen=True)
class Stock:
    """What exists on the last day of a period: rows from ``since`` until before ``until``.

    Added up over organisations; over time, the last value counts. With ``since`` None a row counts for as long as the
    organisation's line exists.
    """

    rows: Callable[[], QuerySet[Any]]
    organization: str | tuple[str, ...]
    since: str | None = None
    until: str | None = None
    measure: Count | Sum = field(default_factory=Count)


@dataclass(frozen=True)
class People:
    """Distinct persons (人数) in what happened in a period.

    Counted from rows at every organisation, never added up.
    """

    rows: Callable[[], QuerySet[Any]]
    organization: str | tuple[str, ...]
    on: str
    person: str


@dataclass(frozen=True)
class Ratio:
    """``factor`` times the numerator's figure divided by the denominator's.

    Both are sums; ratios are never averaged.
    """

    numerator: str
    denominator: str
    factor: int = 1
    percent: bool = True


@dataclass(frozen=True)
class Indicator:
    """One figure of the register: its code, its wording, and the declaration by which it is counted.

    ``opens_from``: the rows behind the figure can be opened at that level and below; above it the number has no link.
    ``touched_by`` names further sources (model labels) whose changes cause a recount; changes to the model of the
    figure's own rows always do. Figures with ``headline`` are on first pages, those with ``public`` on the page that
    anyone may read. ``row_url(row)`` returns where a row links to; without it a row links to its own page.
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
        """The kind of the figure: ``flow``, ``stock``, ``people`` or ``ratio``."""
        return type(self.figure).__name__.lower()
