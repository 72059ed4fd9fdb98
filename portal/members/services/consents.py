"""Agreeing and taking back."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from portal.audit.services import audit_record
from portal.members.models import Consent


@dataclass(frozen=True)
class Purpose:
    """What a person is asked to agree to. ``lines`` are the sentences shown; a change of them is a new ``version``."""

    code: str
    version: int
    title: str
    lines: tuple

    @property
    def digest(self):
        """SHA-256 (64 hex digits) of the words in the active language: proof of what was shown."""
        return hashlib.sha256("\n".join(str(line) for line in (self.title, *self.lines)).encode()).hexdigest()


@transaction.atomic
def consent_give(*, member, purpose, about_id=None, channel="web"):
    """Write down that ``member`` agreed to ``purpose`` as shown now; the same consent twice is one row."""
    standing = Consent.objects.standing().filter(member=member, purpose=purpose.code, about_id=about_id)
    row = standing.select_for_update().first()
    if row is not None and row.version == purpose.version:
        return row
    if row is not None:
        standing.update(withdrawn_at=timezone.now())
    row = Consent.objects.create(
        member=member,
        purpose=purpose.code,
        version=purpose.version,
        about_id=about_id,
        language=get_language() or "",
        text_digest=purpose.digest,
        channel=channel,
    )
    audit_record(actor=member, action="consent.give", about=row, data={"version": purpose.version})
    return row


@transaction.atomic
def consent_withdraw(*, member, purpose, about_id=None):
    """Take a consent back; what stood on it must stop in the same transaction, which is the caller's to do."""
    rows = Consent.objects.standing().filter(member=member, purpose=purpose.code, about_id=about_id)
    for row in rows.select_for_update():
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        audit_record(actor=member, action="consent.withdraw", about=row, fields=["withdrawn_at"])
