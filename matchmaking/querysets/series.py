"""Querysets of series and themes of events: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from matchmaking.querysets.events import Row_co
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet, within

if TYPE_CHECKING:
    from matchmaking.models import EventSeries
    from portal.members.models import Member


class SharedDownQuerySet(OrgScopedQuerySet[Row_co]):
    """Rows that an organisation provides for all below it: seen in the actor's reach and from above it.

    With a province /1/, its city /1/14/ and a cadre of the city: the cadre sees rows of the city and below, and those
    of the province, but not rows of another city.
    """

    area = Area.MATCHMAKING

    def visible_to(self, actor: Member) -> Self:
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        paths = actor.reach(self.area, Capability.VIEW)
        reach = within(paths, "organization__path")
        if reach is None:
            return self.none()
        above = {path[: at + 1] for path in paths for at, mark in enumerate(path) if mark == "/" and at}
        return self.filter(reach | Q(organization__path__in=above))

    def for_list(self) -> Self:
        return self.select_related("organization")


class SeriesQuerySet(SharedDownQuerySet["EventSeries"]):
    """Event series."""
