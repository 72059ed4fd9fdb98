"""Retention of cases and of sign-ups for law sessions.

Texts, names and files of a case are deleted three years after the closing; a stub without them stays.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core.retention import Rule
from portal.exchange.services.files import file_empty
from rights.choices.cases import CaseState, ProtectedPeriod
from rights.models import LawSessionSignUp, RightsCase

if TYPE_CHECKING:
    from datetime import datetime

    from rights.querysets.cases import RightsCaseQuerySet
    from rights.querysets.law_sessions import LawSessionSignUpQuerySet

KEPT = timedelta(days=1095)
SIGN_UPS_KEPT = timedelta(days=180)
AT_ONCE = 500
# Of a case its number, place, days, category and outcome stay. Of people and of what happened nothing does.
EMPTIED = ("name", "phone", "employer", "kept_away", "story", "wish", "reason", "result", "answer")


def deleted_on(case: RightsCase) -> datetime | None:
    """Return when the texts of a case are deleted; None while it is open."""
    settled = case.closed_at or (case.declined_at if case.state == CaseState.NOT_ACCEPTED else None)
    return settled + KEPT if settled is not None else None


def settled_cases(now: datetime) -> RightsCaseQuerySet:
    """Return cases closed, or declined without an objection, so long ago that their texts are deleted.

    A case in which the applicant waits for an answer is never among them.
    """
    closed = Q(state=CaseState.CLOSED, closed_at__lte=now - KEPT)
    declined = Q(state=CaseState.NOT_ACCEPTED, declined_at__lte=now - KEPT)
    held = RightsCase.objects.filter(closed | declined, written_by=None).filter(story__isnull=False)
    return held.order_by("pk")


def empty_cases(rows: RightsCaseQuerySet) -> int:
    """Delete the texts, names, messages, notes and files of cases, each in its own transaction; return how many."""
    count = 0
    for pk in rows.values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            case = rows.select_for_update(of=("self",)).filter(pk=pk).first()
            if case is not None:
                _empty(case)
                count += 1
    return count


def _empty(case: RightsCase) -> None:
    for name in EMPTIED:
        setattr(case, name, None)
    # The code of the receipt opens nothing any more.
    case.receipt_hash = case.unit = None
    case.period = ProtectedPeriod.NONE
    case.save(update_fields=[*EMPTIED, "receipt_hash", "unit", "period"])
    case.messages.all().delete()
    case.steps.update(note=None)
    case.assignments.update(reason=None)
    for file in case.files.select_related("stored__cleaned"):
        file_empty(stored=file.stored)
    audit_record(actor=None, action="case.emptied", about=case)


def old_signups(now: datetime) -> LawSessionSignUpQuerySet:
    """Return sign-ups for sessions that were over so long ago that nobody need know who signed up."""
    return LawSessionSignUp.objects.filter(offering__ends_at__lte=now - SIGN_UPS_KEPT).order_by("pk")


def delete_signups(rows: LawSessionSignUpQuerySet) -> int:
    """Delete sign-ups and return how many; the session and its visits stay."""
    chosen = list(rows.values_list("pk", flat=True)[: 10 * AT_ONCE])
    return LawSessionSignUp.objects.filter(pk__in=chosen).delete()[0]


RULES = [
    Rule("rights.cases", _("Texts, names and files of closed cases"), KEPT, settled_cases, empty_cases),
    Rule("rights.sessions", _("Sign-ups for law sessions"), SIGN_UPS_KEPT, old_signups, delete_signups),
]
