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
    """Participations, scoped by the event's organisation: organisers see them, the own unit does not."""

    area = Area.MATCHMAKING
    path_lookup = "offering__organization__path"

    def own(self, member: Member) -> Self:
        """The live participations of ``member``."""
        return self.filter(member=member, state__in=LIVE)

    def confirmed(self) -> Self:
        return self.filter(state=SignUpState.CONFIRMED)

    def standing(self) -> Self:
        """Participations of members who may take part in offers for singles today."""
        return with_standing(self)

    def counted(self) -> Self:
        """Participations that count for an event that is over, including people who left afterwards."""
        return self.filter(state__in=TOOK_PART)

    def agreed(self) -> Self:
        """Participations with consent to the present purpose of the event."""
        return self.filter(consent_version=F("offering__consent_version"))

    def candidates_of(self, participation: Participation) -> Self:
        """The cards seen by a participant in the choice round: confirmed people of the other list, by number.

        Excluded are people who have not consented to a changed purpose, people who blocked the participant or whom the
        participant blocked, and people who are no longer single according to the portal.
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
