"""Querysets of group weddings: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import F, Value

from matchmaking.choices.weddings import WeddingState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import GroupWedding
    from portal.members.models import Member


class WeddingQuerySet(OrgScopedQuerySet["GroupWedding"]):
    """Group weddings, scoped by the organisation that holds them."""

    area = Area.MATCHMAKING

    def public(self) -> Self:
        """Group weddings that members may read about."""
        return self.filter(state__in=[WeddingState.OPEN, WeddingState.CLOSED, WeddingState.HELD])

    def offered_to(self, member: Member) -> Self:
        """Public group weddings held by the member's own unit or an organisation above it."""
        if member.organization is None:
            return self.none()
        mine = self.public().annotate(_unit=Value(member.organization.path))
        return mine.filter(_unit__startswith=F("organization__path"))

    def for_list(self) -> Self:
        return self.select_related("organization")
