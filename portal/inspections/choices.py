"""States of rubrics, inspections and findings, kinds of evidence, and severities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.second_person import not_the_proposer
from portal.core.steps import Step

if TYPE_CHECKING:
    from portal.inspections.models.findings import Finding
    from portal.members.models import Member


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    IN_FORCE = "in_force", _("In force")
    REPLACED = "replaced", _("Replaced")


VERSION_TRANSITIONS = {
    # A version that ships with the portal is put in force when it is loaded.
    VersionState.DRAFT: {VersionState.SUBMITTED: Step(), VersionState.IN_FORCE: Step(person=False, time=True)},
    VersionState.SUBMITTED: {
        VersionState.IN_FORCE: Step(allowed=not_the_proposer),
        VersionState.DRAFT: Step(allowed=not_the_proposer),
    },
    VersionState.IN_FORCE: {VersionState.REPLACED: Step()},
    VersionState.REPLACED: {},
}
# A version that is being written; a rubric has one at most.
UNPUBLISHED = (VersionState.DRAFT, VersionState.SUBMITTED)


class EvidenceKind(models.TextChoices):
    NONE = "none", _("Not needed")
    PHOTO = "photo", _("Photo")
    FILE = "file", _("File")
    NUMBER = "number", _("Measured value")


class InspectionState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    FINISHED = "finished", _("Inspection finished")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


INSPECTION_TRANSITIONS = {
    InspectionState.PLANNED: {InspectionState.UNDER_WAY: Step(), InspectionState.CANCELLED: Step()},
    InspectionState.UNDER_WAY: {InspectionState.FINISHED: Step(), InspectionState.CANCELLED: Step()},
    InspectionState.FINISHED: {InspectionState.CLOSED: Step()},
    InspectionState.CLOSED: {},
    InspectionState.CANCELLED: {},
}
# The inspected unit reads the result; before that a visit is not announced to it.
WITH_RESULT = (InspectionState.FINISHED, InspectionState.CLOSED)


class Severity(models.TextChoices):
    """How soon a finding must be rectified; the days of each are a legal parameter of the area."""

    ORDINARY = "ordinary", _("Ordinary")
    SERIOUS = "serious", _("Serious")


class FindingState(models.TextChoices):
    TO_RECTIFY = "to_rectify", _("To be rectified")
    TO_RECHECK = "to_recheck", _("Answered, to be re-checked")
    CLOSED = "closed", _("Rectified")
    WITHDRAWN = "withdrawn", _("Recorded in error")


def not_who_answered(actor: Member, finding: Finding) -> bool:
    """The actor is independent of everybody who answered the finding."""
    return finding.answered_by_id is not None and actor.may_second(finding.answerer_pks)


FINDING_TRANSITIONS = {
    FindingState.TO_RECTIFY: {FindingState.TO_RECHECK: Step(), FindingState.WITHDRAWN: Step()},
    FindingState.TO_RECHECK: {
        FindingState.CLOSED: Step(allowed=not_who_answered),
        FindingState.TO_RECTIFY: Step(allowed=not_who_answered),
        FindingState.WITHDRAWN: Step(allowed=not_who_answered),
    },
    FindingState.CLOSED: {},
    FindingState.WITHDRAWN: {},
}
OPEN_FINDINGS = (FindingState.TO_RECTIFY, FindingState.TO_RECHECK)
