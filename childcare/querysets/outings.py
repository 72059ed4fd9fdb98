"""Which outings a reader sees."""

from __future__ import annotations

from typing import Self

from childcare.choices.days import AttendanceState
from childcare.querysets.days import TaughtQuerySet


class OutingQuerySet(TaughtQuerySet):
    """Outings, seen by the teachers of the class."""

    path_lookup = "day__term__site__organization__path"

    def under_way(self) -> Self:
        """Outings that have not ended."""
        return self.filter(ended_at=None)

    def for_list(self) -> Self:
        return self.select_related("day__term__site__organization")


class OutingChildQuerySet(TaughtQuerySet):
    """Children on outings, seen by the teachers of the class."""

    path_lookup = "outing__day__term__site__organization__path"
    term_lookup = "outing__day__term"

    def away(self) -> Self:
        """Children who left with the others, are not back, and were not collected on the way."""
        return self.filter(out_at__isnull=False, back_at=None, attendance__state=AttendanceState.HERE)

    def for_list(self) -> Self:
        return self.select_related("outing__day__term__site__organization", "attendance__enrolment__child")
