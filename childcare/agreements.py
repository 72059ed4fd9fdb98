"""Withdrawal of childcare consents: the child's enrolments end in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from childcare.consents import CARE, ENROLMENT
from childcare.models import Enrolment
from childcare.services.enrolments import care_forget, enrolments_end
from portal.members.models import Child

if TYPE_CHECKING:
    from portal.members.models import Consent, Member

PURPOSES = {ENROLMENT.code: ENROLMENT, CARE.code: CARE}


@transaction.atomic
def take_back(row: Consent, actor: Member) -> None:
    """Withdraw the consent of ``actor`` to the enrolments of a child, or to what the teachers know about it.

    Without the first, the child leaves its classes; without the second, what the teachers knew is deleted.
    """
    for child in Child.objects.filter(pk=row.about_id, guardian=actor):
        if row.purpose == ENROLMENT.code:
            enrolments_end(child=child, actor=actor)
        else:
            for enrolment in Enrolment.objects.filter(child=child, member=actor).order_by("offering_id", "pk"):
                care_forget(actor=actor, enrolment=enrolment)
