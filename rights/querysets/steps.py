"""Steps of cases, seen with the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rights.choices.cases import OPEN_CASES
from rights.querysets.cases import OfCaseQuerySet

if TYPE_CHECKING:
    from rights.models import CaseStep


class CaseStepQuerySet(OfCaseQuerySet["CaseStep"]):
    """Steps of cases."""

    def waiting(self) -> Self:
        """Steps whose legal deadline runs, in cases that are open."""
        return self.filter(done_on=None, case__state__in=OPEN_CASES).exclude(due_on=None)
