"""Which class terms a reader sees."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from childcare.choices.terms import TermState
from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet

if TYPE_CHECKING:
    from childcare.models import ClassTerm
    from portal.members.models import Member


# How long after its end teachers report what happened in a class, and read which child it was.
LATELY = timedelta(days=14)


class ClassTermQuerySet(OrgScopedQuerySet["ClassTerm"]):
    """Class terms, scoped by the union responsible for the site."""

    area = Area.CHILDCARE
    path_lookup = "site__organization__path"

    def not_over(self) -> Self:
        """Terms that are neither cancelled nor over."""
        return self.exclude(state=TermState.CANCELLED).filter(last_on__gte=timezone.localdate())

    def announced(self) -> Self:
        """Terms that any member may read: those that were opened for enrolment and are not over."""
        return self.filter(state=TermState.ENROLLING, last_on__gte=timezone.localdate())

    def readable_by(self, member: Member) -> Self:
        """Terms that are announced, and cancelled ones for which the member had applied."""
        mine: Any = self.model._meta.get_field("signups").related_model
        applied = mine._default_manager.filter(member=member, offering=OuterRef("pk"))
        cancelled = self.filter(state=TermState.CANCELLED, last_on__gte=timezone.localdate()).filter(Exists(applied))
        return self.filter(Q(pk__in=self.announced().values("pk")) | Q(pk__in=cancelled.values("pk")))

    def taught_by(self, member: Member) -> Self:
        """Terms that are not over, at the sites where ``member`` reads the names of the children."""
        return self._at_sites_of(member).filter(last_on__gte=timezone.localdate())

    def _at_sites_of(self, member: Member) -> Self:
        sites: Any = self.model._meta.get_field("site").related_model
        staff = sites._meta.get_field("staff").related_model
        given = staff._default_manager.reading().filter(member=member, site=OuterRef("site"))
        return self.filter(Exists(given), state=TermState.ENROLLING)

    def taught_lately(self, member: Member) -> Self:
        """Terms that ``member`` teaches, or taught until two weeks ago and that are not settled yet."""
        today = timezone.localdate()
        return self._at_sites_of(member).filter(Q(last_on__gte=today) | Q(last_on__gte=today - LATELY, result=None))

    def for_list(self) -> Self:
        return self.select_related("site__organization", "site__region", "reserved_by")
