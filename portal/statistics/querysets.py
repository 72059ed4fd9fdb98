"""Which targets and counts a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from typing import Self

    from portal.statistics.models import RangeCount, Target


class TargetQuerySet(OrgScopedQuerySet["Target"]):
    """Targets of the organisations in her reach: with a duty at /1/14/ those of /1/14/ and /1/14/203/."""

    area = Area.STATISTICS

    def for_list(self) -> Self:
        return self.select_related("organization")


class RangeCountQuerySet(OrgScopedQuerySet["RangeCount"]):
    """Counts of ranges by the organisation they are about."""

    area = Area.STATISTICS

    def for_list(self) -> Self:
        return self.select_related("organization", "job")
