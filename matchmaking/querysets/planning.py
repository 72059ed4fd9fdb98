"""Which series, venues, demands and budgets a reader sees."""

from django.db.models import Q

from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet, within


class SharedDownQuerySet(OrgScopedQuerySet):
    """What an organisation lays down for all below it: seen in her reach, and used from above her.

    With a province /1/, its city /1/14/ and a cadre of the city: she sees rows of the city and below, and those of the
    province; rows of another city she does not.
    """

    area = Area.MATCHMAKING

    def visible_to(self, actor):
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        paths = actor.reach(self.area, Capability.VIEW)
        reach = within(paths, "organization__path")
        if reach is None:
            return self.none()
        above = {path[: at + 1] for path in paths for at, mark in enumerate(path) if mark == "/" and at}
        return self.filter(reach | Q(organization__path__in=above))

    def for_list(self):
        return self.select_related("organization")


class SeriesQuerySet(SharedDownQuerySet):
    """Series of events."""


class VenueQuerySet(SharedDownQuerySet):
    """Venues of the library."""

    def for_list(self):
        return self.select_related("organization", "region")


class OfEventQuerySet(OrgScopedQuerySet):
    """Rows that belong to one event: partners, invitations, costs, letters."""

    area = Area.MATCHMAKING
    path_lookup = "event__organization__path"


class DemandQuerySet(OrgScopedQuerySet):
    """Demands by the unit that asks."""

    area = Area.MATCHMAKING

    def own(self, member):
        """What she asked for herself."""
        return self.filter(asked_by=member)

    def for_list(self):
        return self.select_related("organization", "theme", "event")


class BudgetQuerySet(OrgScopedQuerySet):
    """Budgets by the organisation that spends them."""

    area = Area.MATCHMAKING

    def for_list(self):
        return self.select_related("organization")
