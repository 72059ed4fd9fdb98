"""To-do items of deadlines that are due soon; the owner of the rows says whose they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.choices import Capability
from portal.core.guard import each
from portal.deadlines.choices import DeadlineState
from portal.deadlines.clock import clocks
from portal.deadlines.models import Deadline
from portal.deadlines.selectors import source_of, subjects
from portal.web.todo import Todo

if TYPE_CHECKING:
    from portal.members.models import Member

SHOWN = 100


def items_for(actor: Member) -> list[Todo]:
    """Return the deadlines that the actor must settle soon, and the overdue ones passed to the actor's organisation.

    What the actor must settle comes first, so that a busy level below never hides it. One query for all clocks, and one
    more for the rows of each clock that has an item.
    """
    today = timezone.localdate()
    waiting, passed = Q(pk__in=[]), Q(pk__in=[])
    for code, clock in clocks().items():
        soon = today + timedelta(days=clock.shown_days)
        waiting |= Q(code=code, due_on__lte=soon, about_id__in=clock.waiting(actor).order_by().values("pk"))
        passed |= Q(
            code=code,
            state=DeadlineState.LATE,
            passed_to__path__in=actor.reach(clock.area, Capability.EDIT),
            about_id__in=clock.seen_by(actor).order_by().values("pk"),
        )
    counted = Deadline.objects.filter(state__in=(DeadlineState.RUNNING, DeadlineState.LATE))
    rows = list(
        counted.filter(waiting | passed)
        .annotate(waits=Case(When(waiting, then=True), default=False, output_field=BooleanField()))
        .select_related("organization")
        .order_by("-waits", "due_on", "pk")[:SHOWN]
    )
    abouts = subjects(rows)
    return list(each([row for row in rows if row.pk in abouts], lambda row: _item(row, abouts[row.pk])))


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _item(row: Any, about: Any) -> Todo:
    clock = clocks()[row.code]
    if row.waits:
        title, icon = clock.title(about), clock.icon
    else:
        place = row.organization.label if row.organization else ""
        title = _("Overdue at %(place)s: %(name)s no. %(number)s") % {
            "place": place,
            "name": clock.name,
            "number": row.about_id,
        }
        icon = "alert-triangle"
    return Todo(
        title, about.get_absolute_url(), icon, _end_of(row.due_on), source_of(row), confidential=clock.confidential
    )
