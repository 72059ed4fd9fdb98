"""Querysets of demands for events: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import EventDemand
    from portal.members.models import Member


class DemandQuerySet(OrgScopedQuerySet["EventDemand"]):
    """Demands, scoped by the unit that makes them.

    The own unit does not see a single's personal demand: with a city /1/14/ and the single's unit /1/14/203/, staff of
    the city see it without the name; staff of the unit do not.
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
        """The demands that ``member`` made."""
        return self.filter(asked_by=member)

    def for_list(self) -> Self:
        return self.select_related("organization", "theme", "event")
