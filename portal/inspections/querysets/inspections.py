"""Base querysets of inspections and their scores; an area names its ``area`` and ``unit_lookup``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db.models import Exists, OuterRef, Q
from typing_extensions import TypeVar

from portal.core.choices import Capability
from portal.core.querysets import OrgScopedQuerySet, within
from portal.inspections.choices import WITH_RESULT, InspectionState

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

    from portal.inspections.models import Inspection, Score
    from portal.members.models import Member

Row = TypeVar("Row", bound="Inspection", covariant=True, default="Inspection")
ScoreRow = TypeVar("ScoreRow", bound="Score", covariant=True, default="Score")


class InspectionQuerySet(OrgScopedQuerySet[Row]):
    """Inspections, scoped by the union that inspects.

    ``unit_lookup`` leads to the organisation of the inspected unit, whose staff read an inspection once it has a
    result. A county /1/14/3/ plans to inspect the room of the factory /1/14/3/9/: the chair of the factory sees nothing
    until the county has finished, the city /1/14/ sees the plan.
    """

    unit_lookup: ClassVar[str] = ""

    def visible_to(self, actor: Member) -> Self:
        """Return the inspections kept within the actor's reach, the actor's own, and results of the actor's units."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        paths = actor.reach(self.area, Capability.VIEW)
        teams: Any = self.model._meta.get_field("inspectors").related_model
        seen = Q(Exists(teams._default_manager.filter(inspection=OuterRef("pk"), member=actor)))
        seen |= within(paths, self.path_lookup) or Q()
        of_units = within(paths, f"{self.unit_lookup}__path") or Q()
        seen |= (of_units | self.kept_by(actor)) & Q(state__in=WITH_RESULT)
        return self.filter(seen)

    def kept_by(self, actor: Member) -> Q:
        """Return the condition that ``actor`` answers for the unit without a duty there; an area overrides this."""
        return Q(pk__in=())

    def with_result(self) -> Self:
        """Narrow to the inspections that have a result."""
        return self.filter(state__in=WITH_RESULT)

    def of_inspector(self, member: Member) -> Self:
        """Narrow to the inspections of which ``member`` is an inspector."""
        teams: Any = self.model._meta.get_field("inspectors").related_model
        return self.filter(Exists(teams._default_manager.filter(inspection=OuterRef("pk"), member=member)))

    def waiting_for(self, member: Member, findings: QuerySet[Any]) -> Self:
        """Narrow to those that ``member`` must hold, and those with a finding among ``findings``."""
        held = self.of_inspector(member).filter(state__in=(InspectionState.PLANNED, InspectionState.UNDER_WAY))
        mine = Q(pk__in=held.order_by().values("pk")) | Q(pk__in=findings.order_by().values("inspection"))
        return self.filter(mine).select_related(self.unit_lookup)

    def for_list(self) -> Self:
        return self.select_related("organization", self.unit_lookup, "rubric_version__rubric").prefetch_related(
            "inspectors__member"
        )


class ScoreQuerySet(OrgScopedQuerySet[ScoreRow]):
    """Scores, read with their inspection."""

    path_lookup = "inspection__organization__path"

    def visible_to(self, actor: Member) -> Self:
        inspections: Any = self.model._meta.get_field("inspection").related_model
        return self.filter(inspection__in=inspections._default_manager.visible_to(actor))
