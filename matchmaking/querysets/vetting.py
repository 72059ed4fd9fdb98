"""Querysets of the vetting of profiles and appeals: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from matchmaking.choices.vetting import AppealState
from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import ProfileAppeal
    from portal.members.models import Member


class AppealQuerySet(OrgScopedQuerySet["ProfileAppeal"]):
    """Appeals, scoped by the organisation that decides them.

    Neither the member who refused the profile nor the single may decide an appeal.
    """

    area = Area.MATCHMAKING

    def visible_to(self, actor: Member) -> Self:
        return self.reached_by(actor, Capability.APPROVE).exclude(profile__member=actor)

    def open_for(self, actor: Member) -> Self:
        waiting = self.visible_to(actor).filter(state=AppealState.OPEN)
        return waiting.exclude(profile__vetted_by=actor)

    def for_list(self) -> Self:
        return self.select_related("profile__member__organization", "organization")
