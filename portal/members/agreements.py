"""How what a guardian agreed to for a child is taken back: what stood on it goes in the same transaction."""

from __future__ import annotations

from portal.members.consents import CHILD, CHILD_CARE
from portal.members.models import Child, Consent, Member
from portal.members.services.children import child_consent_withdraw

PURPOSES = {purpose.code: purpose for purpose in (CHILD, CHILD_CARE)}


def take_back(row: Consent, actor: Member) -> None:
    """Take back one standing consent of ``actor``: the child's entry goes, or what carers must know."""
    if row.about_id is None:
        return
    for child in Child.objects.visible_to(actor).filter(pk=row.about_id):
        child_consent_withdraw(actor=actor, child=child, purpose=PURPOSES[row.purpose])
