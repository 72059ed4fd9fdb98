"""What the applicant does with the receipt: objecting, answering, reopening, writing; and what is written back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.deadlines.services import deadline_meet, deadline_start
from portal.receipts.services import message_write
from rights.choices.cases import WRITTEN, CaseState
from rights.selectors.cases import people_of, receiving_union
from rights.services.assigning import APPLICANT, case_give_to_union, case_restart, case_tell, limitation_start
from rights.services.closing import reopened

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.receipts.models import ReceiptMessage
    from rights.models import RightsCase


@transaction.atomic
def case_object(*, case: RightsCase) -> RightsCase:
    """Take a declined request to the level above, once; the applicant does this with the receipt."""
    held = locks.hold(case)
    if held.objected_at is not None:
        raise DomainError(_("The level above has already been asked."), code="objected")
    above = receiving_union(held.region, held.unit, held.kept_away or "", above=held.organization)
    held = advance(held, CaseState.SUBMITTED, actor=APPLICANT, objected_at=timezone.now(), declined_at=None)
    case_restart(held, above)
    limitation_start(held)
    return held


@transaction.atomic
def case_answer(*, case: RightsCase, solved: str, answer: str = "") -> RightsCase:
    """Record the applicant's own answer whether it is solved; nobody else can give it."""
    held = locks.hold(case)
    if held.state != CaseState.CLOSED:
        raise DomainError(_("This is asked when the case is closed."), code="not-closed")
    held.solved, held.answer, held.answered_at = solved, answer or None, timezone.now()
    held.save(update_fields=["solved", "answer", "answered_at"])
    audit_record(actor=APPLICANT, action="case.answer", about=held)
    return held


@transaction.atomic
def case_reopen_by_applicant(*, case: RightsCase, text: str) -> RightsCase:
    """Reopen a closed case with what is still wrong; possible for as long as the code of the receipt is valid."""
    held = locks.hold(case)
    if held.state != CaseState.CLOSED:
        raise DomainError(_("This case is not closed."), code="not-closed")
    held = reopened(held, APPLICANT)
    case_write_by_applicant(case=held, text=text)
    return held


@transaction.atomic
def case_write(*, actor: Member, case: RightsCase, text: str) -> ReceiptMessage:
    """Write to the applicant, who reads it with the code of the receipt."""
    held = locks.hold(case)
    message = message_write(actor=actor, row=held, text=text, from_staff=True)
    if held.written_by is not None:
        deadline_meet(about=held, code=WRITTEN, actor=actor)
        held.written_by = None
        held.save(update_fields=["written_by"])
    return message


@transaction.atomic
def case_write_by_applicant(*, case: RightsCase, text: str) -> ReceiptMessage:
    """Write to the staff; also on a closed case, where it starts a deadline for the supervisors."""
    held = locks.hold(case)
    message = message_write(actor=None, row=held, text=text, from_staff=False)
    if held.written_by is None:
        deadline_start(about=held, code=WRITTEN, on=timezone.localdate())
    people = people_of(held)
    if people:
        case_tell(held, people, "rights.case_written")
    else:
        case_give_to_union(held)
    return message
