"""Querysets of events: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils import timezone

from matchmaking.choices.events import HELD_STATES, PUBLIC_STATES, EventState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import MatchEvent
    from portal.members.models import Member


class MatchEventQuerySet(OrgScopedQuerySet["MatchEvent"]):
    """Events, scoped by the organisation that holds them."""

    area = Area.MATCHMAKING

    def public(self) -> Self:
        """Events that anyone with the link may read, without restricted ones."""
        return self.filter(state__in=PUBLIC_STATES, restricted=False)

    def open_now(self) -> Self:
        """Events whose sign-up is open now, including restricted ones."""
        now = timezone.now()
        return self.filter(state=EventState.PUBLISHED, signup_opens_at__lte=now, signup_closes_at__gt=now)

    def open_for_sign_up(self) -> Self:
        """Public events whose sign-up is open now."""
        return self.public().open_now()

    def held(self) -> Self:
        """Events that reached their reveal."""
        return self.filter(state__in=HELD_STATES)

    def readable_by(self, reader: Member) -> Self:
        """Events whose page ``reader`` may open by its link.

        These are public ones, and restricted ones that the reader is invited to or takes part in.
        """
        open_to_all = Q(state__in=PUBLIC_STATES, restricted=False)
        if not getattr(reader, "is_authenticated", False):
            return self.filter(open_to_all)
        invited = self.model.invitations.rel.related_model._default_manager.filter(event_id=OuterRef("pk")).filter(
            Q(member=reader) | (Q(unit=reader.organization_id) if reader.organization_id else Q(pk=None))
        )
        taking_part = self.model.signups.rel.related_model._default_manager.filter(
            offering_id=OuterRef("pk"), member=reader
        )
        inside = Q(state__in=PUBLIC_STATES) & (Q(Exists(invited)) | Q(Exists(taking_part)))
        return self.filter(open_to_all | inside)

    def offered_to(self, member: Member) -> Self:
        """Events held by the member's own unit or an organisation above it: /1/14/ offers to /1/14/203/.

        Restricted events are included only if the member is invited or takes part.
        """
        if member.organization is None:
            return self.none()
        return (
            self.readable_by(member)
            .annotate(_unit=Value(member.organization.path))
            .filter(_unit__startswith=F("organization__path"))
        )

    def for_list(self) -> Self:
        return self.select_related("organization", "series", "theme", "venue")


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class OfEventQuerySet(OrgScopedQuerySet[Row_co]):
    """Rows that belong to one event: partners, invitations, costs, letters."""

    area = Area.MATCHMAKING
    path_lookup = "event__organization__path"
