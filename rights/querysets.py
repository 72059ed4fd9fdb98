from django.db.models import Prefetch

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from rights.choices import StationState


class StationQuerySet(OrgScopedQuerySet):
    """Rights stations by the union that keeps them."""

    area = Area.RIGHTS

    def open(self):
        """Those where somebody is to be met; any member may read them."""
        return self.filter(state=StationState.OPEN)

    def for_list(self):
        return self.select_related("organization", "region")

    def with_shifts(self, shifts):
        """Fetch the hours of duty with the stations, the week in order, as ``week``."""
        rows = shifts.select_related("member").order_by("weekday", "starts", "pk")
        return self.prefetch_related(Prefetch("shifts", queryset=rows, to_attr="week"))


class ShiftQuerySet(OrgScopedQuerySet):
    """Hours of duty by the union that keeps the station."""

    area = Area.RIGHTS
    path_lookup = "station__organization__path"

    def of(self, member):
        """Those in which ``member`` is on duty."""
        return self.filter(member=member)

    def for_list(self):
        return self.select_related("station__organization", "member")
