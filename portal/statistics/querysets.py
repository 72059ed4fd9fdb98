"""Which targets and counts a reader sees."""

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet


class TargetQuerySet(OrgScopedQuerySet):
    """Targets of the organisations in her reach: with a duty at /1/14/ those of /1/14/ and /1/14/203/."""

    area = Area.STATISTICS

    def for_list(self):
        return self.select_related("organization")


class RangeCountQuerySet(OrgScopedQuerySet):
    """Counts of ranges by the organisation they are about."""

    area = Area.STATISTICS

    def for_list(self):
        return self.select_related("organization", "job")
