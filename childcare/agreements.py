"""Withdrawal of childcare consents: the child's enrolments end in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from childcare.consents import ENROLMENT
from childcare.services.enrolments import enrolments_end
from portal.members.models import Child

if TYPE_CHECKING:
    from portal.members.models import Consent, Member

PURPOSES = {ENROLMENT.code: ENROLMENT}


@transaction.atomic
def take_back(row: Consent, actor: Member) -> None:
    """Withdraw the consent of ``actor`` to the enrolments of a child: the child leaves its classes."""
    for child in Child.objects.filter(pk=row.about_id, guardian=actor):
        enrolments_end(child=child, actor=actor)
