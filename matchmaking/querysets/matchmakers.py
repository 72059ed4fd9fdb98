"""Querysets of the matchmakers of an event: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.utils import timezone

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import EventMatchmaker
    from portal.members.models import Member


class EventMatchmakerQuerySet(OrgScopedQuerySet["EventMatchmaker"]):
    """Matchmakers, scoped by the organisation that holds the event."""

    area = Area.MATCHMAKING
    path_lookup = "event__organization__path"

    def of(self, member: Member) -> Self:
        """The assignments of ``member`` that are valid today."""
        today = timezone.localdate()
        return self.filter(member=member, valid_from__lte=today).filter(Q(valid_until=None) | Q(valid_until__gt=today))

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "event")
