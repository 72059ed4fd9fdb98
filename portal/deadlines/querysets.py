"""Querysets of deadlines: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from portal.core.querysets import OrgScopedQuerySet
from portal.deadlines.choices import OPEN_DEADLINES, DeadlineState
from portal.deadlines.clock import clocks

if TYPE_CHECKING:
    from datetime import date

    from portal.deadlines.models import Deadline
    from portal.members.models import Member


class DeadlineQuerySet(OrgScopedQuerySet["Deadline"]):
    """Deadlines of rows of any app; the owner of the rows says who may see them."""

    def visible_to(self, actor: Member) -> Self:
        """Return the deadlines of rows that the actor may see; none for a visitor."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        reach = Q(pk__in=[])
        for clock in clocks().values():
            reach |= Q(code=clock.code, about_id__in=clock.seen_by(actor).order_by().values("pk"))
        return self.filter(reach)

    def open(self) -> Self:
        """Deadlines that are not met or ended."""
        return self.filter(state__in=OPEN_DEADLINES)

    def late_on(self, today: date) -> Self:
        """Running deadlines whose last day is before ``today``."""
        return self.filter(state=DeadlineState.RUNNING, due_on__lt=today)

    def provisional(self) -> Self:
        """Open deadlines counted over a year whose holidays were not known."""
        return self.open().filter(provisional=True, amount__isnull=False)

    def for_list(self) -> Self:
        return self.select_related("organization", "passed_to")
