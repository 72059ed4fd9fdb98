"""Files of cases: they are encrypted and bound to their case, and each opening is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import Clock
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.exchange.services.files import evidence_keep
from rights.models import CaseFile

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from portal.members.models import Member
    from rights.models import RightsCase

APPLICANT = Clock("rights.applicant")
MOST_FILES = 20


@transaction.atomic
def file_add(*, actor: Member | None, case: RightsCase, file: UploadedFile[bytes]) -> CaseFile:
    """Keep a file of a case, encrypted and as it was sent; ``actor`` None: the applicant sends it.

    Raises DomainError for a kind of file that is not accepted, a file that is too large, and the twenty-first file.
    """
    held = locks.hold(case)
    if held.files.count() >= MOST_FILES:
        raise DomainError(_("A case has at most %(count)s files.") % {"count": MOST_FILES}, code="too-many-files")
    stored = evidence_keep(actor=actor, sealed_for=held, upload=file)
    row = CaseFile.objects.create(case=held, stored=stored, author=actor)
    audit_record(actor=actor or APPLICANT, action="case.file", about=held, data={"file": row.pk})
    return row


@transaction.atomic
def file_read(*, actor: Member, file: CaseFile) -> None:
    """Record in this transaction that ``actor`` opened a file of a case."""
    audit_record(actor=actor, action="case.file_read", about=file.case, data={"file": file.pk})
