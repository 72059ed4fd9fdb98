"""The rectification notice (整改通知书): the official letter on the findings of an inspection."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.exchange.choices import FileKind
from portal.exchange.documents import DOCX
from portal.exchange.services.files import file_store
from portal.inspections.choices import FindingState, InspectionState
from portal.inspections.models import Finding, Inspection
from portal.papers.services.letters import day_written, letter_render
from portal.papers.services.numbers import number_take

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.members.models import Member

Row = TypeVar("Row", bound=Inspection)


@transaction.atomic
def notice_issue(*, actor: Member, inspection: Row) -> Row:
    """Issue the rectification notice, once: it gets a number of the inspecting union, the actor signs.

    The letter lists what is to be rectified now, and is kept as it is. Raises DomainError before the result, if nothing
    is to be rectified, and for a second notice.
    """
    held = locks.hold(inspection)
    if held.state != InspectionState.FINISHED or held.notice_number:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    rows = list(held.findings.filter(state=FindingState.TO_RECTIFY).order_by("pk"))
    if not rows:
        raise DomainError(_("Nothing is to be rectified."), code="nothing")
    held.notice_number = number_take(organization=held.organization, kind=held.notice_code, about=held)
    content = _letter(held, rows, actor)
    held.notice_file = file_store(
        actor=actor,
        name=f"{held.notice_number}.docx",
        chunks=[content],
        kind=FileKind.DOCUMENT,
        content_type=DOCX,
    )
    held.save(update_fields=["notice_number", "notice_file"])
    audit_record(actor=actor, action="inspection.notice", about=held, data={"number": held.notice_number})
    return held


def _letter(inspection: Inspection, rows: Sequence[Finding], signer: Member) -> bytes:
    values = {
        "number": inspection.notice_number,
        "addressee": inspection.unit.name,
        "subject": inspection.subject,
        "day": day_written(inspection.held_on or inspection.planned_on),
        "findings": [
            {"number": number, "text": row.text, "due": day_written(row.due_on) if row.due_on else ""}
            for number, row in enumerate(rows, start=1)
        ],
    }
    return letter_render(
        kind=inspection.notice_code, values=values, organization=inspection.organization, signer=signer
    )
