"""Paper codes of members, to open private pages after a change of phone.

They also help people without a smartphone.
"""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import crypto, locks
from portal.core.errors import DomainError
from portal.core.text import clean_code
from portal.members.choices import ProofMeans, RecoveryPurpose
from portal.members.models import Member, RecoveryCode
from portal.members.selectors import are_independent
from portal.members.services.proofs import ACCOUNT, attempt_count, person_prove
from portal.members.services.telling import account_tell, staff_step_count

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
CODES = 3
WRONG = _("This recovery code is wrong or has already been used.")


def _hash(member: Member, code: str) -> str:
    return crypto.blind_index(f"recovery.account.{member.pk}", code)


def _plain() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


@transaction.atomic
def paper_codes_renew(*, member: Member, handed_by: Member | None = None) -> list[str]:
    """Create three paper codes for ``member`` and return them; earlier ones of the same origin are void.

    They are shown this once. ``handed_by`` printed them at the counter and has seen them: such codes open no private
    page, another member of staff must accept them, and the member's own codes stay valid.
    """
    held = locks.hold(member)
    if handed_by is not None:
        staff_step_count(actor=handed_by, member=held)
    earlier = RecoveryCode.objects.filter(member=held, purpose=RecoveryPurpose.ACCOUNT)
    earlier.filter(handed_by__isnull=handed_by is None).delete()
    codes = [_plain() for _number in range(CODES)]
    RecoveryCode.objects.bulk_create(
        [
            RecoveryCode(member=held, purpose=RecoveryPurpose.ACCOUNT, handed_by=handed_by, code_hash=_hash(held, code))
            for code in codes
        ]
    )
    audit_record(actor=handed_by or held, action="member.paper-codes", about=held)
    if handed_by is not None:
        account_tell(member=held, kind="members.paper_codes")
    return ["-".join(code[at : at + 4] for at in range(0, LENGTH, 4)) for code in codes]


def paper_codes_left(member: Member) -> int:
    """Return how many paper codes are unused."""
    return RecoveryCode.objects.filter(member_id=member.pk, purpose=RecoveryPurpose.ACCOUNT, used_at=None).count()


def recovery_code_take(
    *, member: Member, code: str, purpose: str, own: bool = False, taken_by: Member | None = None
) -> None:
    """Use up a recovery code of ``purpose``; DomainError when it is wrong.

    With ``own``, only a code that no member of staff has seen is accepted. ``taken_by`` is the member of staff to whom
    the person tells the code: not the one who printed it, nor one who is bound to that one.

    The caller has counted the attempt before its transaction began.
    """
    typed = clean_code(code).replace("-", "")
    rows = RecoveryCode.objects.filter(member=member, purpose=purpose, code_hash=_hash(member, typed), used_at=None)
    row = (rows.filter(handed_by=None) if own else rows).first()
    if row is None or len(typed) != LENGTH:
        raise DomainError(WRONG, code="wrong-code")
    if taken_by is not None and row.handed_by is not None and not are_independent(row.handed_by, taken_by):
        raise DomainError(
            _("Another member of staff must accept this code: the person who printed it cannot."), code="printed-by-you"
        )
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    audit_record(actor=member, action="member.recovery-code", about=member)
    account_tell(member=member, kind="members.paper_code_used", context={"left": paper_codes_left(member)})


def secrets_open_by_code(*, member: Member, code: str, actor_key: str) -> Member:
    """Open private pages that a change of phone closed, by one of the person's own recovery codes."""
    attempt_count(member=member, actor_key=actor_key, way=ACCOUNT)
    with transaction.atomic():
        held = locks.hold(member)
        recovery_code_take(member=held, code=code, purpose=RecoveryPurpose.ACCOUNT, own=True)
        return person_prove(held=held, means=ProofMeans.RECOVERY)
