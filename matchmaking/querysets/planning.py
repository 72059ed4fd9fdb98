"""Which series, venues, demands and budgets a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from matchmaking.choices.events import PUBLIC_STATES
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet, within

if TYPE_CHECKING:
    from matchmaking.models import EventBudget, EventDemand, EventPartner, EventSeries, Venue
    from portal.members.models import Member

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class SharedDownQuerySet(OrgScopedQuerySet[Row_co]):
    """What an organisation lays down for all below it: seen in her reach, and used from above her.

    With a province /1/, its city /1/14/ and a cadre of the city: she sees rows of the city and below, and those of the
    province; rows of another city she does not.
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
    """Series of events."""


class VenueQuerySet(SharedDownQuerySet["Venue"]):
    """Venues of the library."""

    def for_list(self) -> Self:
        return self.select_related("organization", "region")


class OfEventQuerySet(OrgScopedQuerySet[Row_co]):
    """Rows that belong to one event: partners, invitations, costs, letters."""

    area = Area.MATCHMAKING
    path_lookup = "event__organization__path"


class PartnerQuerySet(OfEventQuerySet["EventPartner"]):
    """Partners by the organisation that holds the event."""

    def shared_with(self, actor: Member) -> Self:
        """Partnerships of unions in her reach, of events that are past their draft: what she may see as a figure."""
        reach = within(actor.reach(self.area, Capability.VIEW), "organization__path")
        if reach is None:
            return self.none()
        return self.filter(reach, event__state__in=PUBLIC_STATES)

    def for_list(self) -> Self:
        return self.select_related("event__organization", "organization")


class DemandQuerySet(OrgScopedQuerySet["EventDemand"]):
    """Demands by the unit that asks.

    What a single asked for herself her own unit does not see: with a city /1/14/ and her unit /1/14/203/ staff of the
    city see it, without her name; staff of the unit do not.
    """

    area = Area.MATCHMAKING

    def reached_by(self, actor: Member, capability: Capability) -> Self:
        reached = super().reached_by(actor, capability)
        if not getattr(actor, "is_authenticated", False):
            return reached
        own = Q(on_behalf_of_unit=False, organization__path__in=actor.reach(self.area, capability))
        higher = Q()
        for path in actor.reach(self.area, capability):
            higher |= Q(organization__path__startswith=path) & ~Q(organization__path=path)
        return reached.exclude(own & ~higher) if higher else reached

    def own(self, member: Member) -> Self:
        """What she asked for herself."""
        return self.filter(asked_by=member)

    def for_list(self) -> Self:
        return self.select_related("organization", "theme", "event")


class BudgetQuerySet(OrgScopedQuerySet["EventBudget"]):
    """Budgets by the organisation that spends them."""

    area = Area.MATCHMAKING

    def for_list(self) -> Self:
        return self.select_related("organization")
