"""Querysets of volunteer matchmakers: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from matchmaking.choices.volunteers import VolunteerState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from matchmaking.models import Volunteer
    from portal.members.models import Member


class VolunteerQuerySet(OrgScopedQuerySet["Volunteer"]):
    """Volunteers, scoped by the organisation that they help."""

    area = Area.MATCHMAKING

    def current(self) -> Self:
        """Volunteers who help today."""
        today = timezone.localdate()
        in_time = Q(valid_until=None) | Q(valid_until__gt=today)
        return self.filter(in_time, state=VolunteerState.ACTIVE, valid_from__lte=today)

    def of(self, member: Member) -> Self:
        """The record of ``member`` as a volunteer, while they help."""
        return self.current().filter(member=member)

    def with_load(self) -> Self:
        """Annotate the number of people in each volunteer's care now."""
        return self.annotate(load=models.Count("cases", filter=Q(cases__closed_on=None)))

    def for_list(self) -> Self:
        return self.select_related("member", "member__organization", "organization")


def helps_now(member: Member) -> Q:
    """Return the condition that ``member`` is the volunteer of a row and helps today."""
    in_time = Q(volunteer__valid_until=None) | Q(volunteer__valid_until__gt=timezone.localdate())
    return in_time & Q(volunteer__member=member, volunteer__state=VolunteerState.ACTIVE)
