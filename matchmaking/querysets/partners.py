"""Querysets of partners of events: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from matchmaking.choices.events import PUBLIC_STATES
from matchmaking.querysets.events import OfEventQuerySet
from portal.core.choices import Capability
from portal.core.querysets import within

if TYPE_CHECKING:
    from portal.members.models import Member


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
