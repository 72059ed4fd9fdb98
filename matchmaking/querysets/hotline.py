"""Querysets of hotline tickets: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Case, F, Value, When

from matchmaking.choices.hotline import OPEN_TICKETS
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import HotlineTicket
    from portal.members.models import Member


class TicketQuerySet(OrgScopedQuerySet["HotlineTicket"]):
    """Hotline tickets, seen by those who may edit matchmaking at the ticket's organisation."""

    area = Area.MATCHMAKING

    def visible_to(self, actor: Member) -> Self:
        return self.reached_by(actor, Capability.EDIT)

    def open(self) -> Self:
        """Tickets that are not answered yet."""
        return self.filter(state__in=OPEN_TICKETS)

    def open_first(self) -> Self:
        """Order: tickets not answered yet by due day, then the rest, latest first."""
        left = Case(When(state__in=OPEN_TICKETS, then=F("due_on")), default=Value(None))
        return self.order_by(left.asc(nulls_last=True), "-pk")

    def for_list(self) -> Self:
        return self.select_related("organization", "handler", "taken_by", "caller_unit")
