"""Querysets of couples who apply for a group wedding: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from matchmaking.choices.couples import LIVE_COUPLES, CoupleState
from matchmaking.choices.weddings import WeddingState
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import WeddingCouple
    from portal.members.models import Member


class CoupleQuerySet(OrgScopedQuerySet["WeddingCouple"]):
    """Couples of a group wedding, seen by its organiser."""

    area = Area.MATCHMAKING
    path_lookup = "wedding__organization__path"

    def visible_to(self, actor: Member) -> Self:
        return self.reached_by(actor, Capability.EDIT)

    def of(self, member: Member) -> Self:
        """The couples of which ``member`` is one."""
        return self.filter(Q(asker=member) | Q(partner=member))

    def asking(self, member: Member) -> Self:
        """The couples whose asker typed the number of ``member``; none unless that number is confirmed."""
        if not member.phone_index or not member.phone_confirmed_at:
            return self.none()
        asked = self.filter(state=CoupleState.ASKED, partner_index=member.phone_index)
        return asked.filter(wedding__state=WeddingState.OPEN).exclude(asker=member)

    def live(self) -> Self:
        return self.filter(state__in=LIVE_COUPLES)

    def for_list(self) -> Self:
        return self.select_related("wedding", "asker__organization", "partner__organization")
