"""Base queryset of findings; an area names its ``area`` and ``unit_lookup``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from typing_extensions import TypeVar

from portal.core.querysets import OrgScopedQuerySet
from portal.inspections.choices import OPEN_FINDINGS, FindingState

if TYPE_CHECKING:
    from typing import Any

    from portal.inspections.models import Finding
    from portal.members.models import Member

FindingRow = TypeVar("FindingRow", bound="Finding", covariant=True, default="Finding")


class FindingQuerySet(OrgScopedQuerySet[FindingRow]):
    """Findings, read with their inspection.

    ``unit_lookup`` leads to the organisation of the inspected unit: ``inspection__room__organization``.
    """

    path_lookup = "inspection__organization__path"
    unit_lookup: ClassVar[str] = ""

    def visible_to(self, actor: Member) -> Self:
        inspections: Any = self.model._meta.get_field("inspection").related_model
        return self.filter(inspection__in=inspections._default_manager.visible_to(actor))

    def open(self) -> Self:
        """Narrow to the findings that are to be rectified or re-checked."""
        return self.filter(state__in=OPEN_FINDINGS)

    def to_rectify(self, severity: str) -> Self:
        """Narrow to the findings of one severity whose clock runs."""
        return self.filter(state=FindingState.TO_RECTIFY, severity=severity, due_on__isnull=False)

    def not_inspected_by(self, member: Member) -> Self:
        """Leave out the findings of the member's own inspections, for which the member cannot answer."""
        return self.exclude(inspection__inspectors__member=member)

    def for_list(self) -> Self:
        return self.select_related(
            "inspection__organization", self.unit_lookup, "item", "created_by", "answered_by", "rechecked_by"
        ).prefetch_related("inspection__inspectors")
