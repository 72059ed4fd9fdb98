"""Which targets and counts an actor may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from typing import Self

    from portal.statistics.models import RangeCount, Target


class TargetQuerySet(OrgScopedQuerySet["Target"]):
    """Targets by their organisation.

    An actor with a duty at /1/14/ sees the targets of /1/14/ and /1/14/203/.
    """

    area = Area.STATISTICS

    def for_list(self) -> Self:
        return self.select_related("organization")


class RangeCountQuerySet(OrgScopedQuerySet["RangeCount"]):
    """Counts of ranges, scoped by the organisation they are about."""

    area = Area.STATISTICS

    def for_list(self) -> Self:
        return self.select_related("organization", "job")
