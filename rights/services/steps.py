"""Steps of a case, and the legal deadlines that they start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.deadlines.services import deadline_meet, deadline_start
from rights.choices.cases import LIMITATION, STEP_CLOCKS, CaseState, StepKind
from rights.models import CaseStep

if TYPE_CHECKING:
    from datetime import date

    from portal.members.models import Member
    from rights.models import RightsCase


@transaction.atomic
def step_add(*, actor: Member, case: RightsCase, kind: str, on: date, note: str = "") -> CaseStep:
    """Write down what was done in a case; a step with a legal deadline starts it, and ends the one before."""
    held = locks.hold(case)
    if held.state != CaseState.HANDLING:
        raise DomainError(_("Steps can be added only while the case is being handled."), code="not-handling")
    today = timezone.localdate()
    if on > today:
        raise DomainError(_("The day lies in the future."), code="future")
    (pk,) = reserve_pks(CaseStep)
    step = CaseStep(pk=pk, case=held, kind=kind, on=on, note=note or None, author=actor)
    step.full_clean(exclude=["case", "author"])
    step.save(force_insert=True)
    audit_record(actor=actor, action="case.step", about=held, data={"step": step.pk, "kind": kind})
    if kind == StepKind.ARBITRATE:
        deadline_meet(about=held, code=LIMITATION, actor=actor)
    if kind in (StepKind.ARBITRATE, StepKind.ACCEPTED, StepKind.AWARDED, StepKind.SUE):
        _finish_steps(held, actor=actor, on=on, but=step.pk)
    code = STEP_CLOCKS.get(StepKind(kind))
    if code is not None:
        deadline_start(about=step, code=code, on=on)
    return step


def note_write(*, actor: Member, case: RightsCase, text: str) -> None:
    """Write a reason into the notes of a case, where it is encrypted and deleted with the other texts."""
    (pk,) = reserve_pks(CaseStep)
    CaseStep.objects.create(pk=pk, case=case, kind=StepKind.NOTE, on=timezone.localdate(), note=text, author=actor)


def _finish_steps(case: RightsCase, *, actor: Member, on: date, but: int) -> None:
    for step in case.steps.exclude(pk=but).exclude(due_on=None).filter(done_on=None):
        _finish(step, actor=actor, on=max(on, step.on))


def _finish(step: CaseStep, *, actor: Member, on: date) -> None:
    step.done_on = on
    step.save(update_fields=["done_on"])
    deadline_meet(about=step, code=STEP_CLOCKS[StepKind(step.kind)], actor=actor)


@transaction.atomic
def step_done(*, actor: Member, step: CaseStep, on: date) -> CaseStep:
    """Record the day on which what a step waited for came."""
    held = locks.hold(step)
    if held.due_on is None or held.done_on is not None:
        raise DomainError(_("This step waits for nothing."), code="done")
    if not held.on <= on <= timezone.localdate():
        raise DomainError(_("The day must lie between the step and today."), code="day")
    _finish(held, actor=actor, on=on)
    audit_record(actor=actor, action="case.step_done", about=held.case, data={"step": held.pk})
    return held
