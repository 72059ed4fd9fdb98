"""Services of inspections: planned, started, finished with a result, closed or cancelled.

They take rows of the concrete models of an area and find its other models through the relations. The row of the
inspection is the lock for its team, scores and findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import audit_record, row_create
from portal.core import locks
from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.deadlines.services import deadline_end, deadline_start
from portal.inspections.choices import FindingState, InspectionState
from portal.inspections.models import Inspection, RubricVersion
from portal.inspections.selectors import result_of, without_evidence
from portal.members.selectors import holders
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portal.members.models import Member

Row = TypeVar("Row", bound=Inspection)

# Of the staff of a unit so many get the message.
TOLD = 5


def version_in_force(code: str) -> RubricVersion:
    """Return the version of the rubric ``code`` that is in force; DomainError if there is none."""
    version = RubricVersion.objects.in_force().filter(rubric__code=code).first()
    if version is None:
        raise DomainError(
            _("The rubric of these inspections is not set. Please tell the administrator."), code="no-rubric"
        )
    return version


@transaction.atomic
def inspection_plan(*, actor: Member, inspection: Row, inspectors: Sequence[Member], lead: Member) -> Row:
    """Plan an inspection by the rubric in force; ``inspection`` is a new row of the area, not saved yet.

    The inspectors other than the actor are notified; the inspected unit is not. Raises DomainError if there are too few
    inspectors, or one of them may not inspect this unit.
    """
    inspection.rubric_version = version_in_force(inspection.rubric_code)
    inspection.planned_by = actor
    _check_team(inspection, inspectors, lead)
    row_create(actor=actor, row=inspection, action="inspection.create")
    _write_team(inspection, inspectors, lead)
    _tell(inspection, [member for member in inspectors if member.pk != actor.pk], "inspections.planned")
    return inspection


@transaction.atomic
def inspection_staff(*, actor: Member, inspection: Row, inspectors: Sequence[Member], lead: Member) -> Row:
    """Change the team of a planned inspection; new inspectors are notified."""
    held = locks.hold(inspection)
    if held.state != InspectionState.PLANNED:
        raise DomainError(_("The team can only be changed before the inspection starts."), code="started")
    _check_team(held, inspectors, lead)
    before = set(held.inspectors.values_list("member_id", flat=True))
    held.inspectors.all().delete()
    _write_team(held, inspectors, lead)
    audit_record(
        actor=actor,
        action="inspection.update",
        about=held,
        fields=["inspectors"],
        data={"inspectors": [one.pk for one in inspectors]},
    )
    fresh = [member for member in inspectors if member.pk not in before | {actor.pk}]
    _tell(held, fresh, "inspections.planned")
    return held


def _check_team(inspection: Inspection, inspectors: Sequence[Member], lead: Member) -> None:
    if len({member.pk for member in inspectors}) < inspection.least_inspectors:
        raise DomainError(
            _("At least %(count)s inspectors are needed.") % {"count": inspection.least_inspectors}, code="too-few"
        )
    if lead not in inspectors:
        raise DomainError(_("The lead inspector must be one of the inspectors."), code="no-lead")
    if any(inspection.barred(member) for member in inspectors):
        raise DomainError(_("Nobody may inspect the unit that they belong to."), code="own-unit")
    if not all(inspection.qualified(member) for member in inspectors):
        raise DomainError(_("An inspector does not work in this area here or above."), code="not-qualified")


def _write_team(inspection: Inspection, inspectors: Sequence[Member], lead: Member) -> None:
    model: Any = inspection.inspectors.model
    rows = [model(inspection=inspection, member=member, lead=member == lead) for member in inspectors]
    model._default_manager.bulk_create(rows)


@transaction.atomic
def inspection_start(*, actor: Member, inspection: Row) -> Row:
    """Start a planned inspection today; its inspectors must still be enough and permitted."""
    held = locks.hold(inspection)
    team = list(held.inspectors.select_related("member__organization"))
    check_inspector(held, actor)
    lead = next((row.member for row in team if row.lead), actor)
    _check_team(held, [row.member for row in team], lead)
    return advance(held, InspectionState.UNDER_WAY, actor=actor, held_on=timezone.localdate())


def check_inspector(inspection: Inspection, actor: Member) -> None:
    """Raise DomainError unless ``actor`` is one of the inspectors."""
    if not inspection.inspectors.filter(member=actor).exists():
        raise DomainError(_("Only the inspectors of this inspection may do this."), code="no-inspector")


@transaction.atomic
def inspection_finish(*, actor: Member, inspection: Row, minutes: str, confirmed: bool) -> Row:
    """Finish an inspection: compute its result once, start the clocks of its findings, and notify the unit.

    ``confirmed`` says that the person present for the unit has read the minutes. Raises DomainError while a required
    item has no answer or an answered item lacks its evidence.
    """
    held = locks.hold(inspection)
    if not held.inspectors.filter(member=actor, lead=True).exists():
        raise DomainError(_("Only the lead inspector may finish the inspection."), code="no-lead")
    if held.state != InspectionState.UNDER_WAY:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    if not minutes.strip() or not confirmed:
        raise DomainError(_("Write the minutes and have them confirmed first."), code="no-minutes")
    result = result_of(held)
    if result.missing:
        raise DomainError(
            _("These items have no answer yet: %(numbers)s.") % {"numbers": _listed(result.missing)}, code="missing"
        )
    if bare := without_evidence(held):
        raise DomainError(
            _("These items have no evidence yet: %(numbers)s.") % {"numbers": _listed(bare)}, code="no-evidence"
        )
    held = advance(
        held,
        InspectionState.FINISHED,
        actor=actor,
        minutes=minutes,
        finished_by=actor,
        finished_at=timezone.now(),
        total=result.total,
        maximum=result.maximum,
        share=result.share,
        grade=result.grade,
        vetoes=len(result.vetoes),
    )
    for finding in held.findings.filter(state=FindingState.TO_RECTIFY).order_by("pk"):
        deadline_start(about=finding, code=finding.clock_code, on=timezone.localdate())
    tell_unit(held, "inspections.finished")
    return held


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)


@transaction.atomic
def inspection_close(*, actor: Member, inspection: Row) -> Row:
    """Close a finished inspection; refused while a finding is open."""
    held = locks.hold(inspection)
    if held.findings.filter(state__in=(FindingState.TO_RECTIFY, FindingState.TO_RECHECK)).exists():
        raise DomainError(_("Findings of this inspection are still open."), code="open-findings")
    return advance(held, InspectionState.CLOSED, actor=actor)


@transaction.atomic
def inspection_cancel(*, actor: Member, inspection: Row, reason: str) -> Row:
    """Cancel an inspection that is planned or under way; its findings are withdrawn, its scores stay on record."""
    held = advance(inspection, InspectionState.CANCELLED, actor=actor, note=reason, cancel_reason=reason)
    for finding in held.findings.filter(state=FindingState.TO_RECTIFY).order_by("pk"):
        advance(finding, FindingState.WITHDRAWN, actor=actor, note=reason)
        deadline_end(about=finding, code=finding.clock_code, actor=actor)
    tell_team(held, "inspections.cancelled", but=actor, reason=reason)
    return held


def inspector_erase(*, model: type[Inspection], member: Member) -> None:
    """Take an erased person off the teams of inspections that have not begun; the others stay on record."""
    held: Any = model
    held.inspectors.rel.related_model.objects.filter(member=member, inspection__state=InspectionState.PLANNED).delete()


def tell_unit(inspection: Inspection, kind: str, **context: object) -> None:
    """Notify those who answer for the inspected unit without a duty, and its staff who may answer.

    If it has no such staff, the nearest above it are notified. The inspectors are left out.
    """
    team, unit = set(inspection.inspectors.values_list("member_id", flat=True)), inspection.unit
    found = holders(inspection.area, Capability.EDIT, unit, but=team)
    own = [member for member in found if any(duty.organization_id == unit.pk for duty in member.duties)]
    keepers = [member for member in inspection.keepers() if member.pk not in team]
    _tell(inspection, dict.fromkeys([*keepers, *(own or found)[:TOLD]]), kind, **context)


def tell_team(inspection: Inspection, kind: str, *, but: Member, **context: object) -> None:
    """Notify the inspectors, except ``but``."""
    team = [row.member for row in inspection.inspectors.select_related("member") if row.member_id != but.pk]
    _tell(inspection, team, kind, **context)


def _tell(inspection: Inspection, members: Iterable[Member], kind: str, **context: Any) -> None:
    words = {"subject": inspection.subject, "day": (inspection.held_on or inspection.planned_on).isoformat(), **context}
    messages_post(
        kind=kind,
        recipients=[(member, words) for member in members],
        about=inspection,
        url=inspection.get_absolute_url(),
    )
