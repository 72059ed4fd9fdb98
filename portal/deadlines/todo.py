"""To-do items of deadlines that are due soon; the owner of the rows says whose they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.core.guard import each
from portal.deadlines.clock import Clock, clocks
from portal.web.todo import Todo

if TYPE_CHECKING:
    from portal.members.models import Member

SHOWN = 50


def items_for(actor: Member) -> list[Todo]:
    """Return an item for each row that waits for the actor and is due soon or overdue."""
    return [item for clock in clocks().values() for item in _items(clock, actor)]


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _items(clock: Clock, actor: Member) -> list[Todo]:
    soon = timezone.localdate() + timedelta(days=clock.shown_days)
    rows = clock.waiting(actor).filter(**{f"{clock.field}__lte": soon}).order_by(clock.field, "pk")
    return list(
        each(
            rows[:SHOWN],
            lambda row: Todo(
                clock.title(row),
                row.get_absolute_url(),
                clock.icon,
                _end_of(getattr(row, clock.field)),
                str(clock.source),
            ),
        )
    )
