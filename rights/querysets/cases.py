"""Which cases a member of staff may open: those assigned to them, never by a duty alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.querysets import OrgScopedQuerySet
from portal.receipts.querysets import ReceiptMessageQuerySet, ReceiptRequestQuerySet
from rights.choices.cases import OPEN_CASES, CaseState

if TYPE_CHECKING:
    from typing import Any

    from portal.members.models import Member
    from rights.choices.cases import AssignedAs
    from rights.models import CaseAssignment, CaseMessage, RightsCase

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


def apart_from(actor: Member, lookup: str) -> Q:
    """Return the condition that the actor does not belong to the unit named by ``lookup``, or below it.

    People belong to it by roster, by a duty, or by both through another organisation of the same employer.
    """
    places = [duty.organization for duty in actor.duties]
    if actor.organization is not None:
        places.append(actor.organization)
    line = {pk for place in places for pk in (*place.ancestor_ids, place.pk)}
    employers = {place.employer_id for place in places if place.employer_id is not None}
    apart = ~Q(**{f"{lookup}_id__in": line}) & ~Q(**{f"{lookup}__employer_id__in": employers})
    return Q(**{f"{lookup}__isnull": True}) | apart


class RightsCaseQuerySet(  # type: ignore[override]  # each base has a manager class of its own for mypy
    ReceiptRequestQuerySet["RightsCase"], OrgScopedQuerySet["RightsCase"]
):
    """Cases; a reader needs an assignment to the case, and still a duty over the union that handles it."""

    area = Area.RIGHTS

    def visible_to(self, actor: Member) -> Self:
        """Return the cases that are assigned to the actor; none for a visitor.

        A duty alone opens no case: the chair of the union above sees nothing of a case that was not given to them. An
        assignment alone is not enough either: it ends with the duty. Nobody of the applicant's own unit sees a case.
        """
        return self.reached_by(actor, Capability.VIEW)

    def reached_by(self, actor: Member, capability: Capability) -> Self:
        """Return the cases assigned to the actor at unions over which the actor holds ``capability``."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        return super().reached_by(actor, capability).assigned_to(actor)

    def assigned_to(self, actor: Member, *roles: AssignedAs) -> Self:
        """Narrow to cases that are assigned to the actor, as one of ``roles`` if any are given."""
        given: Any = self.model._meta.get_field("assignments").related_model
        mine = given._default_manager.current().filter(case=OuterRef("pk"), member=actor)
        if roles:
            mine = mine.filter(role__in=roles)
        return self.filter(Exists(mine)).filter(apart_from(actor, "unit"))

    def unhandled(self) -> Self:
        """Narrow to cases without a handler today."""
        given: Any = self.model._meta.get_field("assignments").related_model
        handlers = given._default_manager.current().filter(case=OuterRef("pk"), role="handler")
        return self.filter(~Exists(handlers))

    def open(self) -> Self:
        """Cases that are not settled."""
        return self.filter(state__in=OPEN_CASES)

    def to_accept(self) -> Self:
        """Cases that must be accepted or declined."""
        return self.filter(state=CaseState.SUBMITTED)

    def for_list(self) -> Self:
        return self.select_related("organization", "region", "unit")


class OfCaseQuerySet(OrgScopedQuerySet[Row_co]):
    """Rows of a case; they are seen with the case and in no other way."""

    area = Area.RIGHTS
    path_lookup = "case__organization__path"
    case_lookup = "case"

    def reached_by(self, actor: Member, capability: Capability) -> Self:
        """Return the rows of the cases that the actor may open with ``capability``."""
        cases: Any = self.model._meta.get_field(self.case_lookup).related_model
        return self.filter(**{f"{self.case_lookup}__in": cases._default_manager.reached_by(actor, capability)})


class CaseAssignmentQuerySet(OfCaseQuerySet["CaseAssignment"]):
    """Staff who may open a case."""

    def current(self) -> Self:
        """Assignments that are valid today."""
        today = timezone.localdate()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=today), valid_from__lte=today)


class CaseMessageQuerySet(  # type: ignore[override]  # each base has a manager class of its own for mypy
    ReceiptMessageQuerySet["CaseMessage"], OfCaseQuerySet["CaseMessage"]
):
    """Messages between the applicant and the staff of a case."""

    path_lookup = "request__organization__path"
    case_lookup = "request"
