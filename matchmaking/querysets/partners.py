"""Querysets of partners of events: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from matchmaking.choices.events import PUBLIC_STATES
from matchmaking.querysets.events import OfEventQuerySet
from portal.core.choices import Capability
from portal.core.querysets import within

if TYPE_CHECKING:
    from matchmaking.models import EventPartner
    from portal.members.models import Member


class PartnerQuerySet(OfEventQuerySet["EventPartner"]):
    """Partners, scoped by the organisation that holds the event."""

    def shared_with(self, actor: Member) -> Self:
        """Partnerships of unions in the actor's reach, for events open for sign-up or later.

        The actor may see them as a figure.
        """
        reach = within(actor.reach(self.area, Capability.VIEW), "organization__path")
        if reach is None:
            return self.none()
        return self.filter(reach, event__state__in=PUBLIC_STATES)

    def for_list(self) -> Self:
        return self.select_related("event__organization", "organization")
