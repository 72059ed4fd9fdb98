"""Rows of the rights area, and which rights stations are open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from rights.choices.stations import StationState

if TYPE_CHECKING:
    from portal.members.models import Member
    from rights.models import RightsStation, StationShift

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class RightsQuerySet(OrgScopedQuerySet[Row_co]):
    """Rows of the rights area, scoped by the union that keeps them."""

    area = Area.RIGHTS

    def for_list(self) -> Self:
        return self.select_related("organization")


class StationQuerySet(RightsQuerySet["RightsStation"]):
    """Rights stations."""

    def open(self) -> Self:
        """Stations that are open; any member may read them."""
        return self.filter(state=StationState.OPEN)

    def for_list(self) -> Self:
        return self.select_related("organization", "region")


class ShiftQuerySet(OrgScopedQuerySet["StationShift"]):
    """Hours of duty, scoped by the union that keeps the station."""

    area = Area.RIGHTS
    path_lookup = "station__organization__path"

    def of(self, member: Member) -> Self:
        """The hours in which ``member`` is on duty."""
        return self.filter(member=member)

    def for_list(self) -> Self:
        return self.select_related("station__organization", "member")
