"""Which enrolments a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.utils import timezone

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.signups.choices import HOLDING, LIVE, TOOK_PART, SignUpState

if TYPE_CHECKING:
    from datetime import date

    from childcare.models import CareSite, ClassTerm, Enrolment
    from portal.members.models import Member


class EnrolmentQuerySet(OrgScopedQuerySet["Enrolment"]):
    """Enrolments: no duty shows them, only the work as a teacher of the site, and being the guardian.

    Levels above get counts. Example: the chair of the city that manages the site sees how many children are enrolled,
    but no name.
    """

    area = Area.CHILDCARE
    path_lookup = "offering__site__organization__path"

    def visible_to(self, actor: Member) -> Self:
        """Return the children who hold a place in the terms that ``actor`` teaches; nobody sees who waits."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        terms: Any = self.model._meta.get_field("offering").related_model
        return self.filter(offering__in=terms._default_manager.taught_by(actor).values("pk"), state__in=HOLDING)

    def own(self, member: Member) -> Self:
        """The live enrolments of the children of ``member`` in terms that are not over."""
        return self.filter(member=member, state__in=LIVE, last_on__gte=timezone.localdate())

    def past(self, member: Member) -> Self:
        """Places that children of ``member`` had in terms that are over."""
        return self.filter(member=member, state__in=TOOK_PART, last_on__lt=timezone.localdate())

    def placed(self, site: CareSite, on: date) -> Self:
        """Confirmed places in classes of ``site`` that are held on a day."""
        confirmed = self.filter(state=SignUpState.CONFIRMED)
        return confirmed.filter(offering__site=site, first_on__lte=on, last_on__gte=on)

    def reachable(self) -> Self:
        """Enrolments whose guardian can be told of them and act.

        That is not so while the private pages of the account are closed: somebody else may hold the phone.
        """
        opens = Q(member__secrets_closed_until=None) | Q(member__secrets_closed_until__lte=timezone.now())
        return self.filter(opens, member__proven_at__isnull=False, member__is_active=True)

    def settled(self, day: date) -> Self:
        """Enrolments whose last day was ``day`` or before."""
        return self.filter(last_on__lte=day)

    def live(self) -> Self:
        """Enrolments that have not ended."""
        return self.filter(state__in=LIVE)

    def waiting(self) -> Self:
        """Enrolments on the waiting list."""
        return self.filter(state=SignUpState.WAITLISTED)

    def confirmed_beside(self, term: ClassTerm) -> Self:
        """Confirmed enrolments in other terms that have a day in common with ``term``."""
        found = self.filter(state=SignUpState.CONFIRMED, first_on__lte=term.last_on, last_on__gte=term.first_on)
        return found.exclude(offering=term.pk)

    def for_list(self) -> Self:
        return self.select_related(
            "offering__site__organization", "offering__site__region", "offering__result", "child", "member"
        )
