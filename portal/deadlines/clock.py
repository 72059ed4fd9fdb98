"""What a clock is made of; apps declare theirs in ``clocks.py`` as CLOCKS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.core.discovery import declared
from portal.deadlines.choices import RollingRule, StartRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from django.db.models import Model, QuerySet
    from django_stubs_ext import StrOrPromise

    from portal.core.choices import Area
    from portal.members.models import Member
    from portal.organizations.models import Organization


@dataclass(frozen=True)
class Clock:
    """A kind of deadline, and what the owner of its rows says about them.

    ``code`` is ``<app>.<name>``; ``amount(start)`` is a number of ``unit`` from a legal parameter or a setting;
    ``source`` is the article or rule behind it. ``field`` names the day in the owner's row, which is kept equal to
    the deadline for lists and filters; ``organization`` is the path of names from the row to the organisation that
    must act, in ``area``. ``open()`` returns the rows that need the clock, ``seen_by(reader)`` the rows whose
    deadlines a reader may see, and ``waiting(member)`` the rows that the member must settle. ``told(row)`` returns
    the people to remind, ``above(row, organization)`` the people to notify at the organisation to which an overdue
    deadline is passed; both may use the ``related`` rows without a further query. ``due_kind`` and ``overdue_kind``
    name the reminder messages. To-do items of a ``confidential`` clock are shown to nobody but the person who must
    act, and its deadlines are counted on no page about an organisation. ``title(row)`` is the sentence of the to-do
    item, which is shown from ``shown_days``
    before the last day on.
    """

    code: str
    model: type[Model]
    name: StrOrPromise
    unit: str
    amount: Callable[[date], int]
    source: StrOrPromise
    open: Callable[[], QuerySet[Any]]
    seen_by: Callable[[Member], QuerySet[Any]]
    waiting: Callable[[Member], QuerySet[Any]]
    told: Callable[[Any], Iterable[Member]]
    above: Callable[[Any, Organization], Iterable[Member]]
    organization: str
    area: Area
    title: Callable[[Any], str]
    icon: str
    due_kind: str
    overdue_kind: str
    shown_days: int = 1
    confidential: bool = False
    related: tuple[str, ...] = ()
    field: str = "due_on"
    start: str = StartRule.NEXT_DAY
    rolling: str = RollingRule.STAYS


def clocks() -> dict[str, Clock]:
    """Return the clocks of all areas in service and shared packages by code."""
    return {clock.code: clock for module in declared("clocks") for clock in module.CLOCKS}
