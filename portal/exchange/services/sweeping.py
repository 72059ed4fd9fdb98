"""Deletes files that are no longer needed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.audit.gate import Clock
from portal.core.services import steps_of
from portal.exchange import storage
from portal.exchange.choices import RunState
from portal.exchange.models import ImportRun, StoredFile
from portal.exchange.services.exports import exports_expire
from portal.exchange.services.imports import UNCONFIRMED_DAYS, import_discard

if TYPE_CHECKING:
    from datetime import datetime

ORPHAN_SECONDS = 24 * 3600


def files_sweep(*, now: datetime | None = None) -> int:
    """Discard imports not confirmed within a week and delete files that no longer have a use.

    These are expired exports and contents that no row names. Returns the number of imports and files.
    """
    now = now or timezone.now()
    stale = ImportRun.objects.filter(
        state=RunState.CHECKED_CLEAN, created_at__lt=now - timedelta(days=UNCONFIRMED_DAYS)
    ).select_related("file", "organization")
    number = 0
    with steps_of("exchange.unconfirmed") as steps:
        for run in stale:
            with steps.one(run):
                import_discard(run=run, actor=Clock("exchange.unconfirmed"))
                number += 1
    number += exports_expire(now=now)
    keys = list(storage.keys_older_than(ORPHAN_SECONDS))
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        kept = set(StoredFile.objects.filter(key__in=part, deleted_at=None).values_list("key", flat=True))
        for key in part:
            if key not in kept and len(key) == 40:
                storage.remove(key)
                number += 1
    return number
