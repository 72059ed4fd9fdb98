from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from rights.choices import StationState


class RightsQuerySet(OrgScopedQuerySet):
    """Rows of the rights area by the union that keeps them."""

    area = Area.RIGHTS

    def for_list(self):
        return self.select_related("organization")


class StationQuerySet(RightsQuerySet):
    """Rights stations."""

    def open(self):
        """Those where somebody is to be met; any member may read them."""
        return self.filter(state=StationState.OPEN)

    def for_list(self):
        return self.select_related("organization", "region")


class ShiftQuerySet(OrgScopedQuerySet):
    """Hours of duty by the union that keeps the station."""

    area = Area.RIGHTS
    path_lookup = "station__organization__path"

    def of(self, member):
        """Those in which ``member`` is on duty."""
        return self.filter(member=member)

    def for_list(self):
        return self.select_related("station__organization", "member")
