"""Rules on who may do what with rubrics, inspections and findings, beyond seeing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability
from portal.core.second_person import not_the_proposer
from portal.inspections.choices import UNPUBLISHED, FindingState, InspectionState, VersionState

if TYPE_CHECKING:
    from portal.inspections.models import Finding, Inspection, Rubric, RubricItem, RubricVersion
    from portal.members.models import Member


def at_the_province(member: Member, area: str, capability: Capability) -> bool:
    """Return whether the member holds ``capability`` in ``area`` at the root, which keeps all rubrics."""
    return any(path.count("/") == 2 for path in member.reach(Area(area), capability))


def can_edit_rubric(actor: Member, rubric: Rubric) -> bool:
    """The actor may edit the rubric's area at the province; a county must not change what it is inspected by."""
    return at_the_province(actor, rubric.area, Capability.EDIT)


def can_edit_version(actor: Member, version: RubricVersion) -> bool:
    return can_edit_rubric(actor, version.rubric)


def can_change_version(actor: Member, version: RubricVersion) -> bool:
    """The actor may edit the rubric, and this version is a draft."""
    return can_edit_version(actor, version) and version.state == VersionState.DRAFT


def can_change_item(actor: Member, item: RubricItem) -> bool:
    return can_change_version(actor, item.version)


def can_approve_version(actor: Member, version: RubricVersion) -> bool:
    """The actor is independent of the author and may approve in the rubric's area at the province."""
    return (
        version.state in UNPUBLISHED
        and at_the_province(actor, version.rubric.area, Capability.APPROVE)
        and not_the_proposer(actor, version)
    )


def can_edit_inspection(actor: Member, inspection: Inspection) -> bool:
    """The actor may edit the area at the union that inspects, or above it, and is not of the inspected unit."""
    return inspection.qualified(actor) and not inspection.barred(actor)


def can_inspect(actor: Member, inspection: Inspection) -> bool:
    """The actor is one of the inspectors, and still qualified."""
    return can_edit_inspection(actor, inspection) and _is_inspector(actor, inspection)


def _is_inspector(actor: Member, inspection: Inspection) -> bool:
    return any(row.member_id == actor.pk for row in inspection.inspectors.all())


def can_score(actor: Member, inspection: Inspection) -> bool:
    """The actor is one of the inspectors, and the inspection is under way."""
    return can_inspect(actor, inspection) and inspection.state == InspectionState.UNDER_WAY


def can_finish(actor: Member, inspection: Inspection) -> bool:
    """The actor is the lead inspector."""
    return can_inspect(actor, inspection) and any(
        row.lead and row.member_id == actor.pk for row in inspection.inspectors.all()
    )


def can_answer_finding(actor: Member, finding: Finding) -> bool:
    """The actor may edit the area at the inspected unit or above it, or answers for the unit without a duty.

    An inspector of this inspection does not answer.
    """
    inspection = finding.inspection
    if _is_inspector(actor, inspection):
        return False
    return actor.can(inspection.area, Capability.EDIT, inspection.unit.path) or actor in inspection.keepers()


def can_recheck_finding(actor: Member, finding: Finding) -> bool:
    """The actor may edit the inspection and is independent of the person who answered the finding."""
    return (
        can_edit_inspection(actor, finding.inspection)
        and finding.answered_by_id is not None
        and actor.may_second(finding.answerer_pks)
    )


def can_withdraw_finding(actor: Member, finding: Finding) -> bool:
    """The actor may edit the inspection, and is independent of the person who answered, if somebody has."""
    if finding.state == FindingState.TO_RECHECK:
        return can_recheck_finding(actor, finding)
    return can_edit_inspection(actor, finding.inspection) and finding.state == FindingState.TO_RECTIFY
