"""Reminders of deadlines: the day before, and once they are late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.core.guard import of_each
from portal.deadlines.choices import DeadlineState
from portal.deadlines.clock import Clock, clocks
from portal.deadlines.models import Deadline
from portal.deadlines.selectors import subjects
from portal.messaging.planning import Due, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# After an interruption the planner catches up this far.
LOOK_BACK = timedelta(days=2)
TOLD = 3


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _dues(rows: Iterable[Deadline], until: timedelta) -> Iterator[Due]:
    found = list(rows)
    abouts = subjects(found)
    known = clocks()

    def of(row: Deadline) -> Iterator[Due]:
        about: Any = abouts.get(row.pk)
        people = list(known[row.code].told(about))[:TOLD] if about is not None else []
        for member in people:
            yield Due(
                about=about,
                to=member,
                due_on=row.due_on,
                until=_end_of(row.due_on + until),
                url=about.get_absolute_url(),
                context={"number": row.about_id},
            )

    return of_each(found, of)


def due(clock: Clock, now: datetime) -> Iterator[Due]:
    """Return reminders of the deadlines of ``clock`` that are due by tomorrow."""
    today = timezone.localdate(now)
    rows = Deadline.objects.filter(
        code=clock.code, state=DeadlineState.RUNNING, due_on__gte=today, due_on__lte=today + timedelta(days=1)
    )
    return _dues(rows.order_by("pk"), timedelta(0))


def overdue(clock: Clock, now: datetime) -> Iterator[Due]:
    """Return reminders of the deadlines of ``clock`` that have passed."""
    today = timezone.localdate(now)
    rows = Deadline.objects.filter(
        code=clock.code,
        state__in=[DeadlineState.RUNNING, DeadlineState.LATE],
        due_on__lt=today,
        due_on__gte=today - LOOK_BACK,
    )
    return _dues(rows.order_by("pk"), LOOK_BACK + timedelta(days=1))


def rules_of(clock: Clock) -> list[Rule]:
    """Return the two rules of a clock; the kinds of their messages are their codes as well."""
    return [
        Rule(kind, kind, partial(find, clock)) for kind, find in ((clock.due_kind, due), (clock.overdue_kind, overdue))
    ]


RULES = [rule for clock in clocks().values() for rule in rules_of(clock)]
