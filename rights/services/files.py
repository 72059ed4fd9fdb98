"""Files of cases: who opened which is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from portal.audit.services import audit_record

if TYPE_CHECKING:
    from portal.members.models import Member
    from rights.models import CaseFile


@transaction.atomic
def file_read(*, actor: Member, file: CaseFile) -> None:
    """Record in this transaction that ``actor`` opened a file of a case."""
    audit_record(actor=actor, action="case.file_read", about=file.case, data={"file": file.pk})
