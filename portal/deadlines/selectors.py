"""Reads of deadlines that span apps."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portal.deadlines.clock import clocks
from portal.deadlines.models import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model


def subjects(rows: Iterable[Deadline]) -> dict[int, Any]:
    """Return {deadline pk: the row it is about}; one query for each clock."""
    wanted: dict[str, list[Deadline]] = defaultdict(list)
    for row in rows:
        wanted[row.code].append(row)
    found: dict[int, Any] = {}
    for code, of_clock in wanted.items():
        clock = clocks().get(code)
        if clock is None:
            continue
        abouts = clock.model._base_manager.select_related(*clock.related).in_bulk([row.about_id for row in of_clock])
        found |= {row.pk: abouts[row.about_id] for row in of_clock if row.about_id in abouts}
    return found


def deadline_of(about: Model, code: str) -> Deadline | None:
    """Return the open deadline of a row, or its latest one, or None."""
    rows = Deadline.objects.filter(code=code, about_id=about.pk).select_related("organization", "passed_to")
    return rows.open().first() or rows.order_by("-pk").first()


def source_of(row: Deadline) -> str:
    """Return the article or rule behind a deadline."""
    clock = clocks().get(row.code)
    return row.source or (str(clock.source) if clock else "")


def counted(about: Model, code: str) -> str:
    """Return how the last day of a row was counted, in words; only the source for a day that was taken over."""
    row = deadline_of(about, code)
    if row is None:
        return ""
    if row.amount is None:
        return source_of(row)
    words = [
        _("%(amount)s × %(unit)s from %(start)s")
        % {"amount": row.amount, "unit": row.get_unit_display(), "start": row.started_on.isoformat()},
        source_of(row),
    ]
    if row.paused_days:
        words.append(_("%(days)s days of pauses added") % {"days": row.paused_days})
    if row.moved:
        words.append(_("the last day moved from %(day)s") % {"day": row.unmoved_on.isoformat()})
    if row.provisional:
        words.append(_("provisional until the list of public holidays is known"))
    return " · ".join(words)
