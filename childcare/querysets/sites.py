"""Which care sites, safety papers and staff a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.utils import timezone

from childcare.choices.sites import READERS, SiteState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.locations.querysets import LocatedQuerySet

if TYPE_CHECKING:
    from childcare.models import CareSite, CareStaff, SafetyPaper


class CareSiteQuerySet(  # type: ignore[override]  # each base has a manager class of its own for mypy
    LocatedQuerySet["CareSite"], OrgScopedQuerySet["CareSite"]
):
    """Care sites by the union that is responsible for them."""

    area = Area.CHILDCARE

    def in_use(self) -> Self:
        """Return the sites that are not closed."""
        return self.filter(state=SiteState.IN_USE)

    def for_list(self) -> Self:
        return self.select_related("organization", "region")


class SafetyPaperQuerySet(OrgScopedQuerySet["SafetyPaper"]):
    """Safety papers of sites, seen by those who see the site by a duty."""

    area = Area.CHILDCARE
    path_lookup = "site__organization__path"

    def for_list(self) -> Self:
        return self.select_related("site__organization")


class CareStaffQuerySet(OrgScopedQuerySet["CareStaff"]):
    """Who works at which site, seen by those who see the site by a duty."""

    area = Area.CHILDCARE
    path_lookup = "site__organization__path"

    def current(self) -> Self:
        """Assignments that are valid today."""
        today = timezone.localdate()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=today), valid_from__lte=today)

    def reading(self) -> Self:
        """The assignments by which people read the names of children.

        Those are confirmed assignments of class and life teachers with a valid check.
        """
        return self.current().filter(
            role__in=READERS, check_until__gte=timezone.localdate(), confirmed_by__isnull=False
        )

    def for_list(self) -> Self:
        return self.select_related("site__organization", "member")
