"""The ledger of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from portal.members.models import Member
    from rights.models import CaseLedgerEntry


class LedgerQuerySet(OrgScopedQuerySet["CaseLedgerEntry"]):
    """The ledger that is counted: union, day, category and outcome, without the case.

    It shows nothing of a unit below the union that received the request.
    """

    area = Area.RIGHTS

    def visible_to(self, actor: Member) -> Self:
        return super().visible_to(actor).released()

    def released(self) -> Self:
        """Narrow to the entries of months that are over."""
        return self.filter(released=True)

    def for_list(self) -> Self:
        return self.select_related("organization")
