"""Querysets of budgets and costs of events: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import EventBudget


class BudgetQuerySet(OrgScopedQuerySet["EventBudget"]):
    """Budgets, scoped by the organisation that spends them."""

    area = Area.MATCHMAKING

    def for_list(self) -> Self:
        return self.select_related("organization")
