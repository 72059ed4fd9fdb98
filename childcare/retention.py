"""Retention: the enrolments of a class and its pick-up records are deleted 90 days after its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.models import Enrolment, PickUpBar, PickUpCode, PickUpPerson
from childcare.services.enrolments import enrolment_close
from childcare.services.results import LISTS_KEPT
from portal.core.retention import Rule

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from childcare.querysets.enrolments import EnrolmentQuerySet

KEPT = LISTS_KEPT
# Long enough to say that a code is of another day.
CODES_KEPT = timedelta(days=7)
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


def old_pickups(now: datetime) -> QuerySet[PickUpPerson]:
    """Return pick-up persons, listed long ago, of children who are in no class and were in none lately."""
    lately = Enrolment.objects.filter(child=OuterRef("child"), last_on__gte=timezone.localdate(now - KEPT))
    return PickUpPerson.objects.filter(~Exists(lately), created_at__lte=now - KEPT).order_by("pk")


def old_bars(now: datetime) -> QuerySet[PickUpBar]:
    """Return bars that ended so long ago that they are deleted."""
    return PickUpBar.objects.filter(ended_at__lte=now - KEPT).order_by("pk")


def old_codes(now: datetime) -> QuerySet[PickUpCode]:
    """Return codes of days long past."""
    return PickUpCode.objects.filter(on__lte=timezone.localdate(now - CODES_KEPT)).order_by("pk")


def delete_rows(rows: QuerySet[Any]) -> int:
    """Delete rows, at most AT_ONCE at a time; return how many."""
    pks = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    rows.model._default_manager.filter(pk__in=pks).delete()
    return len(pks)


RULES = [
    Rule("childcare.enrolments", _("Enrolments of children in classes"), KEPT, old_enrolments, delete_enrolments),
    Rule("childcare.pickups", _("Pick-up persons"), KEPT, old_pickups, delete_rows),
    Rule("childcare.bars", _("Bars from collecting"), KEPT, old_bars, delete_rows),
    Rule("childcare.codes", _("Pick-up codes"), CODES_KEPT, old_codes, delete_rows),
]
