"""To-do items of deadlines that are due soon; the owner of the rows says whose they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Value
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

    What the actor must settle comes first, so that a busy level below never hides it. Only clocks with a deadline that
    is due soon or late are asked, because every desk page counts its to-do items: one query for which these are, one
    for all of them, one for the deadlines, and one more for the rows of each clock that has an item.
    """
    waits = _waits(actor)
    rows = Deadline.objects.filter(pk__in=waits).select_related("organization")
    ordered = sorted(rows, key=lambda row: (not waits[row.pk], row.due_on, row.pk))
    abouts = subjects(ordered)
    known = [row for row in ordered if row.pk in abouts]
    return list(each(known, lambda row: _item(row, abouts[row.pk], own=waits[row.pk])))


def _waits(actor: Member) -> dict[int, bool]:
    """Return {deadline pk: whether the actor must settle it} of at most ``SHOWN`` deadlines, the actor's own first."""
    today = timezone.localdate()
    counted = Deadline.objects.filter(state__in=(DeadlineState.RUNNING, DeadlineState.LATE))
    horizon = today + timedelta(days=max((clock.shown_days for clock in clocks().values()), default=0))
    due = counted.filter(due_on__lte=horizon)
    parts = []
    for code in due.order_by().values_list("code", flat=True).distinct():
        clock = clocks().get(code)
        if clock is None:
            continue
        of_clock = due.filter(code=code)
        mine = Q(
            due_on__lte=today + timedelta(days=clock.shown_days),
            about_id__in=clock.waiting(actor).order_by().values("pk"),
        )
        parts.append(of_clock.filter(mine).annotate(theirs=Value(0)))
        passed_to = actor.reach(clock.area, Capability.EDIT)
        if passed_to:
            passed = of_clock.filter(
                state=DeadlineState.LATE,
                passed_to__path__in=passed_to,
                about_id__in=clock.seen_by(actor).order_by().values("pk"),
            )
            parts.append(passed.annotate(theirs=Value(1)))
    if not parts:
        return {}
    first, *rest = [part.order_by().values_list("theirs", "due_on", "pk") for part in parts]
    found = first.union(*rest, all=True).order_by("theirs", "due_on", "pk")[: 2 * SHOWN]
    waits: dict[int, bool] = {}
    for theirs, _due_on, pk in found:
        waits.setdefault(pk, not theirs)
    return dict(islice(waits.items(), SHOWN))


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _item(row: Any, about: Any, *, own: bool) -> Todo:
    clock = clocks()[row.code]
    if own:
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
