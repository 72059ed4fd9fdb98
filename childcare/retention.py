"""Retention of enrolments: 90 days after the class nobody need know which child was in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.models import Enrolment
from childcare.services.enrolments import enrolment_close
from portal.core.retention import Rule

if TYPE_CHECKING:
    from datetime import datetime

    from childcare.querysets.enrolments import EnrolmentQuerySet

KEPT = timedelta(days=90)
AT_ONCE = 5000


def old_enrolments(now: datetime) -> EnrolmentQuerySet:
    """Return enrolments in classes that were over so long ago that they are deleted."""
    return Enrolment.objects.settled(timezone.localdate(now - KEPT)).order_by("pk")


def delete_enrolments(rows: EnrolmentQuerySet) -> int:
    """Delete enrolments, and the consents on which nothing depends any more; return how many enrolments."""
    count = 0
    for pk in rows.values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            row = rows.select_for_update(of=("self",)).select_related("member").filter(pk=pk).first()
            if row is not None:
                row.delete()
                enrolment_close(row)
                count += 1
    return count


RULES = [Rule("childcare.enrolments", _("Enrolments of children in classes"), KEPT, old_enrolments, delete_enrolments)]
