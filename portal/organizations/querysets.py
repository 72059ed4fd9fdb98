"""Which organisations, employers and facts an actor may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Replace

from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet, within
from portal.core.text import clean_line

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Employer, HeadCount, Organization, WomenCommittee

Fact = TypeVar("Fact", bound="HeadCount | WomenCommittee")


class OrganizationQuerySet(OrgScopedQuerySet["Organization"]):
    """The tree, by today's paths.

    An actor with a duty at /1/14/ sees /1/14/ and /1/14/203/, but not /1/140/.
    """

    area = Area.ORGANIZATIONS
    path_lookup = "path"

    def under(self, organization: Organization) -> Self:
        """Narrow to ``organization`` and the organisations below it."""
        return self.filter(path__startswith=organization.path)

    def named(self, words: str) -> Self:
        """Narrow to organisations whose name contains ``words``, or whose pinyin does: nangang, nan gang."""
        words = clean_line(words)
        if not words:
            return self
        compact = words.replace(" ", "").lower()
        found = Q(name__contains=words)
        if compact.isascii():
            found |= Q(_pinyin__contains=compact)
        return self.alias(_pinyin=Replace("pinyin", Value(" "), Value(""))).filter(found)

    def for_list(self) -> Self:
        return self.select_related("parent", "region")


class EmployerQuerySet(OrgScopedQuerySet["Employer"]):
    """Employers by the organisation that registered them.

    An actor who sees an organisation also sees its employer.
    """

    area = Area.ORGANIZATIONS

    def visible_to(self, actor: Member) -> Self:
        """Narrow to employers registered in the actor's scope, and employers of organisations in it."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        inside = within(actor.reach(self.area, Capability.VIEW), "path")
        if inside is None:
            return self.none()
        units = apps.get_model("organizations", "Organization").objects
        own = super().visible_to(actor).values("pk")
        return self.filter(Q(pk__in=own) | Exists(units.filter(inside, employer=OuterRef("pk"))))

    def for_list(self) -> Self:
        return self.select_related("region", "organization")


class FactQuerySet(OrgScopedQuerySet[Fact]):
    """Dated facts, scoped by the organisation they are about."""

    area = Area.ORGANIZATIONS

    def for_list(self) -> Self:
        return self.select_related("organization")
