"""To-do items of deadlines that are due soon; the owner of the rows says whose they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.choices import Capability
from portal.core.guard import each
from portal.deadlines.choices import DeadlineState
from portal.deadlines.clock import Clock, clocks
from portal.deadlines.models import Deadline
from portal.deadlines.selectors import source_of, subjects
from portal.web.todo import Todo

if TYPE_CHECKING:
    from portal.members.models import Member

SHOWN = 50


def items_for(actor: Member) -> list[Todo]:
    """Return the rows that the actor must settle soon, and the overdue ones passed to the actor's organisation."""
    known = clocks().values()
    return [item for clock in known for item in _items(clock, actor)] + _passed(actor)


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


def _passed(actor: Member) -> list[Todo]:
    """Return an item for each overdue deadline that was passed to an organisation where the actor works."""
    reach = Q(pk__in=[])
    for clock in clocks().values():
        reach |= Q(code=clock.code, passed_to__path__in=actor.reach(clock.area, Capability.EDIT))
    late = Deadline.objects.visible_to(actor).filter(reach, state=DeadlineState.LATE).order_by("due_on", "pk")
    rows = list(late.select_related("organization")[:SHOWN])
    abouts = subjects(rows)
    return list(
        each(
            [row for row in rows if row.pk in abouts],
            lambda row: Todo(
                _("Overdue at %(place)s: %(name)s no. %(number)s")
                % {
                    "place": row.organization.label if row.organization else "",
                    "name": clocks()[row.code].name,
                    "number": row.about_id,
                },
                abouts[row.pk].get_absolute_url(),
                "alert-triangle",
                _end_of(row.due_on),
                source_of(row),
            ),
        )
    )
