"""Querysets of participations in events: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import F

from matchmaking.querysets.profiles import blocked_with, with_standing
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.signups.choices import LIVE, TOOK_PART, SignUpState

if TYPE_CHECKING:
    from matchmaking.models import Participation
    from portal.members.models import Member


class ParticipationQuerySet(OrgScopedQuerySet["Participation"]):
    """Participants by the organisation that holds the event: organisers see them, their own unit does not."""

    area = Area.MATCHMAKING
    path_lookup = "offering__organization__path"

    def own(self, member: Member) -> Self:
        """Her own, those that stand."""
        return self.filter(member=member, state__in=LIVE)

    def confirmed(self) -> Self:
        return self.filter(state=SignUpState.CONFIRMED)

    def standing(self) -> Self:
        """Those who may take part in what is for singles today."""
        return with_standing(self)

    def counted(self) -> Self:
        """Those who took part in an event that is over, with those who left afterwards."""
        return self.filter(state__in=TOOK_PART)

    def agreed(self) -> Self:
        """Those who agreed to the purpose of the event as it stands now."""
        return self.filter(consent_version=F("offering__consent_version"))

    def candidates_of(self, participation: Participation) -> Self:
        """The cards she sees in the choice round: confirmed participants of the other list, by number.

        Who has not agreed anew to a changed purpose is not among them, nor who blocked her or was blocked by her, nor
        who is no longer single as the portal has it.
        """
        return (
            self.confirmed()
            .standing()
            .agreed()
            .filter(offering_id=participation.offering_id)
            .exclude(pool=participation.pool)
            .exclude(blocked_with(participation.member_id))
            .select_related("photo")
            .order_by("place")
        )

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "offering__organization", "matchmaker__member")
