"""Checks the audit against its seals and names entries that were changed, are missing, or came late."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from portal.audit.models import AuditEntry, AuditSeal, SealedEntry
from portal.audit.seals import entry_digest, seal_digest

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

# No transaction of the portal lasts longer: a worker's task ends after ten minutes.
GRACE = timedelta(minutes=15)
LINE = re.compile(r"audit seal number=(\d+) count=(\d+) digest=([0-9a-f]{64}) previous=(-|[0-9a-f]{64})")


@dataclass(frozen=True)
class Finding:
    """One fault found: ``kind`` is changed, missing, late, seal, gap or log.

    ``number`` is the number of the entry or the seal.
    """

    kind: str
    number: int
    words: str


def verify(log_lines: Collection[str] = ()) -> tuple[int, int, list[Finding]]:
    """Return (seals read, entries read, findings).

    ``log_lines`` are lines of the log stream that contain seals.
    """
    findings, entries_read, seals_read = [], 0, 0
    previous, expected, emptied_at = "", 1, None
    for seal in AuditSeal.objects.order_by("number").iterator():
        seals_read += 1
        if seal.number != expected:
            findings.append(Finding("gap", expected, f"seals {expected} to {seal.number - 1} are missing"))
        elif seal.previous != previous:
            findings.append(Finding("seal", seal.number, f"seal {seal.number} does not follow the one before it"))
        rows, found = _verify_seal(seal, emptied_at)
        entries_read += rows
        findings += found
        previous, expected = seal.digest, seal.number + 1
        emptied_at = seal.at if seal.complete else emptied_at
    findings += _verify_unsealed(emptied_at)
    findings += _verify_log(log_lines)
    return seals_read, entries_read, findings


def _verify_seal(seal: AuditSeal, before: datetime | None) -> tuple[int, list[Finding]]:
    """Check one seal; return (entries read, findings).

    ``before`` is the last time at which nothing was left unsealed: an entry older than that should be in an earlier
    seal.
    """
    marks = list(SealedEntry.objects.filter(seal=seal).order_by("position"))
    entries = AuditEntry.objects.in_bulk([mark.entry_id for mark in marks])
    found = []
    for mark in marks:
        entry = entries.get(mark.entry_id)
        if entry is None:
            words = f"entry {mark.entry_id} is missing: seal {seal.number} holds it"
            found.append(Finding("missing", mark.entry_id, words))
        elif entry_digest(entry) != mark.digest:
            words = f"entry {mark.entry_id} was changed after seal {seal.number}"
            found.append(Finding("changed", mark.entry_id, words))
        elif before is not None and entry.at + GRACE < before:
            words = f"entry {mark.entry_id} came late: it says {entry.at:%F %T}, the seal of {before:%F %T} lacks it"
            found.append(Finding("late", mark.entry_id, words))
    sealed = [(mark.position, mark.entry_id, mark.digest) for mark in marks]
    if (
        len(marks) != seal.count
        or seal_digest(seal.number, seal.at, seal.complete, seal.previous, sealed) != seal.digest
    ):
        found.append(Finding("seal", seal.number, f"seal {seal.number} itself was changed"))
    return len(entries), found


def _verify_unsealed(emptied_at: datetime | None) -> list[Finding]:
    """Return the unsealed entries older than a seal that should cover them: they were inserted afterwards."""
    if emptied_at is None:
        return []
    late = AuditEntry.objects.all().unsealed().filter(at__lt=emptied_at - GRACE)
    return [
        Finding("late", entry.pk, f"entry {entry.pk} came late: it says {entry.at:%F %T} and no seal holds it")
        for entry in late.iterator()
    ]


def _verify_log(lines: Collection[str]) -> list[Finding]:
    """Return the seals in the log that are missing from the database or differ there.

    A chain that was rebuilt or cut off is detected here.
    """
    seals = dict(AuditSeal.objects.values_list("number", "digest")) if lines else {}
    found = []
    for line in lines:
        match = LINE.search(line)
        if match and seals.get(int(match[1])) != match[3]:
            state = "differs from" if int(match[1]) in seals else "is missing, but stands in"
            found.append(Finding("log", int(match[1]), f"seal {match[1]} {state} the log"))
    return found
