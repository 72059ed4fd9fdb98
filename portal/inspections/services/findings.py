"""Services of findings: recorded by the inspectors, answered by the unit, re-checked by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import row_create
from portal.core import locks
from portal.core.errors import DomainError
from portal.deadlines.services import deadline_end, deadline_meet, deadline_start
from portal.exchange.services.files import file_empty
from portal.inspections.choices import FindingState, InspectionState, Severity
from portal.inspections.models import Finding
from portal.inspections.services.inspections import check_inspector, inspection_close, tell_team, tell_unit
from portal.inspections.services.scores import upload_store

if TYPE_CHECKING:
    from typing import Any

    from portal.inspections.models import Inspection, RubricItem
    from portal.inspections.services.scores import Upload
    from portal.members.models import Member

Row = TypeVar("Row", bound=Finding)


@transaction.atomic
def finding_add(
    *,
    actor: Member,
    inspection: Inspection,
    text: str,
    severity: str = Severity.ORDINARY,
    item: RubricItem | None = None,
) -> Finding:
    """Record a finding, during the inspection or until it is closed.

    The clock of a finding starts when the inspection is finished, or at once if it is finished already.
    """
    held = locks.hold(inspection)
    check_inspector(held, actor)
    if held.state not in (InspectionState.UNDER_WAY, InspectionState.FINISHED):
        raise DomainError(
            _("Findings can be recorded from the start of an inspection until it is closed."), code="closed"
        )
    if item is not None and item.version_id != held.rubric_version_id:
        raise DomainError(_("This item is not part of the rubric of this inspection."), code="other-rubric")
    model: type[Any] = held.findings.model
    row: Finding = model(inspection=held, item=item, text=text, severity=severity, created_by=actor)
    row_create(actor=actor, row=row, action="finding.create")
    if held.state == InspectionState.FINISHED:
        deadline_start(about=row, code=row.clock_code, on=timezone.localdate())
        tell_unit(held, "inspections.finding_added")
    return row


@transaction.atomic
def finding_answer(*, actor: Member, finding: Row, answer: str, upload: Upload | None = None) -> Row:
    """Answer a finding for the inspected unit, with a photo or file as evidence; the inspectors are notified."""
    if finding.inspection.state != InspectionState.FINISHED:
        raise DomainError(_("A finding can be answered once the inspection is finished."), code="not-finished")
    if finding.inspection.inspectors.filter(member=actor).exists():
        raise DomainError(_("An inspector of this inspection cannot answer for the unit."), code="inspector")
    stored = upload_store(actor=actor, upload=upload) if upload is not None else None
    before = finding.file
    held = advance(
        finding,
        FindingState.TO_RECHECK,
        actor=actor,
        note=answer,
        answer=answer,
        answered_by=actor,
        answered_at=timezone.now(),
        file=stored,
    )
    if before is not None:
        file_empty(stored=before)
    deadline_meet(about=held, code=held.clock_code, actor=actor)
    tell_team(held.inspection, "inspections.finding_answered", but=actor)
    return held


@transaction.atomic
def finding_recheck(*, actor: Member, finding: Row, accepted: bool, note: str = "") -> Row:
    """Close an answered finding, or open it again with a new due day.

    Refused for the person who answered, and for those whom that person has lately entered or appointed. The inspection
    is closed with its last finding.
    """
    if not accepted and not note.strip():
        raise DomainError(_("Say what is still to be rectified."), code="no-note")
    inspection, today = locks.hold(finding.inspection), timezone.localdate()
    target = FindingState.CLOSED if accepted else FindingState.TO_RECTIFY
    held = advance(
        finding,
        target,
        actor=actor,
        note=note,
        rechecked_by=actor,
        rechecked_on=today,
        recheck_note=note,
        returned=finding.returned + (not accepted),
    )
    if not accepted:
        deadline_start(about=held, code=held.clock_code, on=today)
        tell_unit(inspection, "inspections.finding_returned", note=note)
    else:
        _close_with_last(inspection, actor)
    return held


@transaction.atomic
def finding_withdraw(*, actor: Member, finding: Row, reason: str) -> Row:
    """Withdraw a finding that was recorded in error; the unit need not answer it."""
    inspection = locks.hold(finding.inspection)
    held = advance(finding, FindingState.WITHDRAWN, actor=actor, note=reason)
    deadline_end(about=held, code=held.clock_code, actor=actor)
    _close_with_last(inspection, actor)
    return held


def _close_with_last(inspection: Inspection, actor: Member) -> None:
    """Close a finished inspection if none of its findings is open."""
    standing = inspection.findings.filter(state__in=(FindingState.TO_RECTIFY, FindingState.TO_RECHECK))
    if inspection.state == InspectionState.FINISHED and not standing.exists():
        inspection_close(actor=actor, inspection=inspection)
