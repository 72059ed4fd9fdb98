"""How a guardian withdraws consent given for a child; what depends on it goes in the same transaction."""

from __future__ import annotations

from portal.members.consents import CHILD, CHILD_CARE
from portal.members.models import Child, Consent, Member
from portal.members.services.children import child_consent_withdraw

PURPOSES = {purpose.code: purpose for purpose in (CHILD, CHILD_CARE)}


def take_back(row: Consent, actor: Member) -> None:
    """Withdraw one valid consent of ``actor``: delete the child's entry or the notes for carers."""
    if row.about_id is None:
        return
    for child in Child.objects.visible_to(actor).filter(pk=row.about_id):
        child_consent_withdraw(actor=actor, child=child, purpose=PURPOSES[row.purpose])
