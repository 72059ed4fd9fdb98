"""The end of a case: proposed by one person, approved by another; and its reopening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.deadlines.services import deadline_end, deadline_meet, deadline_start
from rights.choices.cases import APPROVAL, LIMITATION, STEP_CLOCKS, WRITTEN, AssignedAs, CaseState, LedgerKind, StepKind
from rights.selectors.cases import people_of, who_may_handle
from rights.services.assigning import case_give, case_give_to_union, case_tell, limitation_start
from rights.services.ledger import ledger_drop, ledger_write
from rights.services.steps import note_write

if TYPE_CHECKING:
    from portal.audit.gate import Clock
    from portal.members.models import Member
    from portal.organizations.models import Organization
    from rights.models import RightsCase


@transaction.atomic
def case_propose(*, actor: Member, case: RightsCase, outcome: str, result: str) -> RightsCase:
    """Propose to close a case; another person who may approve gets it, here or above."""
    held = advance(
        case,
        CaseState.CLOSING,
        actor=actor,
        outcome=outcome,
        result=result,
        proposed_by=actor,
        proposed_at=timezone.now(),
    )
    seconds = [member for member in who_may_handle(held, Capability.APPROVE) if member.may_second({actor.pk})]
    place: Organization | None = held.organization.parent
    while not seconds and place is not None:
        seconds = [
            member for member in who_may_handle(held, Capability.APPROVE, at=place) if member.may_second({actor.pk})
        ]
        place = place.parent
    if not seconds:
        raise DomainError(
            _("Nobody except you can approve this here or above. Ask the level above to appoint somebody."),
            code="no-approver",
        )
    deadline_start(about=held, code=APPROVAL, on=timezone.localdate())
    case_give(held, seconds, AssignedAs.SUPERVISOR, by=actor)
    case_tell(held, seconds, "rights.case_closing")
    return held


@transaction.atomic
def case_close(*, actor: Member, case: RightsCase) -> RightsCase:
    """Approve the closure that another person proposed; open deadlines end with the case."""
    held = locks.hold(case)
    entry = ledger_write(held, LedgerKind.CLOSED, outcome=held.outcome) if held.outcome else None
    # The result answers what the applicant wrote last.
    held = advance(held, CaseState.CLOSED, actor=actor, closed_at=timezone.now(), closing_entry=entry, written_by=None)
    deadline_meet(about=held, code=APPROVAL, actor=actor)
    for code in (LIMITATION, WRITTEN):
        deadline_end(about=held, code=code, actor=actor)
    for step in held.steps.exclude(due_on=None).filter(done_on=None):
        deadline_end(about=step, code=STEP_CLOCKS[StepKind(step.kind)], actor=actor)
    return held


@transaction.atomic
def case_return(*, actor: Member, case: RightsCase, reason: str) -> RightsCase:
    """Send a proposed closure back to the handler."""
    held = locks.hold(case)
    proposer = held.proposed_by
    held = advance(
        held,
        CaseState.HANDLING,
        actor=actor,
        outcome="",
        result=None,
        proposed_by=None,
        proposed_at=None,
    )
    deadline_meet(about=held, code=APPROVAL, actor=actor)
    note_write(actor=actor, case=held, text=reason)
    if proposer is not None:
        case_tell(held, [proposer], "rights.case_returned")
    return held


def reopened(case: RightsCase, actor: Member | Clock) -> RightsCase:
    """Reopen a closed case; result and answer belonged to the closing, which no longer counts."""
    entry, outcome = case.closing_entry, case.outcome
    held = advance(
        case,
        CaseState.HANDLING,
        actor=actor,
        outcome="",
        result=None,
        solved="",
        answer=None,
        answered_at=None,
        closed_at=None,
        closing_entry=None,
        proposed_by=None,
        proposed_at=None,
    )
    if entry is not None:
        ledger_drop(entry)
    limitation_start(held)
    audit_record(actor=actor, action="case.reopen", about=held, data={"outcome": outcome})
    if not people_of(held):
        case_give_to_union(held)
    case_tell(held, people_of(held), "rights.case_reopened")
    return held


@transaction.atomic
def case_reopen(*, actor: Member, case: RightsCase, reason: str) -> RightsCase:
    """Reopen a closed case; its closing no longer counts."""
    held = reopened(locks.hold(case), actor)
    note_write(actor=actor, case=held, text=reason)
    return held
