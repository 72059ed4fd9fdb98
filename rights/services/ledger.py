"""The ledger that the statistics count: written at once, counted once the month is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from portal.messaging.services.touching import touch, touches_post
from rights.models import CaseLedgerEntry

if TYPE_CHECKING:
    from rights.choices.cases import LedgerKind
    from rights.models import RightsCase


def ledger_write(case: RightsCase, kind: LedgerKind, **fields: Any) -> CaseLedgerEntry:
    """Write a row of the ledger for what happened to a case today."""
    return CaseLedgerEntry.objects.create(
        organization=case.organization, kind=kind, on=timezone.localdate(), category=case.category, **fields
    )


def ledger_drop(entry: CaseLedgerEntry) -> None:
    """Delete a row of the ledger; the figures follow if it was counted."""
    if entry.released:
        touch(entry._meta.label_lower, entry.organization_id, entry.on, entry.on)
    entry.delete()


@transaction.atomic
def ledger_release() -> int:
    """Let the rows of the months that are over be counted; return how many."""
    month = timezone.localdate().replace(day=1)
    rows = list(CaseLedgerEntry.objects.filter(released=False, on__lt=month).select_for_update())
    CaseLedgerEntry.objects.filter(pk__in=[row.pk for row in rows]).update(released=True)
    label = CaseLedgerEntry._meta.label_lower
    touches_post((label, row.organization_id, row.on, row.on) for row in rows)
    return len(rows)
