"""Querysets of nominations and media releases: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from matchmaking.choices.publicity import STANDING_NOMINATIONS
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import MediaRelease, Nomination
    from portal.members.models import Member


class NominationQuerySet(OrgScopedQuerySet["Nomination"]):
    """Nominations, scoped by the organisation that makes them."""

    area = Area.MATCHMAKING

    def visible_to(self, actor: Member) -> Self:
        return self.reached_by(actor, Capability.EDIT)

    def of(self, member: Member) -> Self:
        """Nominations of ``member``."""
        return self.filter(member=member)

    def open_to_taking_back(self) -> Self:
        """Nominations that the member agreed to and can withdraw from."""
        return self.filter(state__in=STANDING_NOMINATIONS)

    def for_list(self) -> Self:
        return self.select_related("organization", "member")


class ReleaseQuerySet(OrgScopedQuerySet["MediaRelease"]):
    """Publications, scoped by the organisation that counts them."""

    area = Area.MATCHMAKING

    def for_list(self) -> Self:
        return self.select_related("organization", "event")
