"""The content of a seal: canonical text of an entry, digests of entries and seals; pure calculation."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from portal.core import crypto

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.audit.models import AuditEntry

FIELDS = (
    "pk",
    "at",
    "actor_id",
    "clock",
    "action",
    "about_model",
    "about_id",
    "organization_path",
    "from_state",
    "to_state",
    "note",
    "fields",
    "data",
)


def canonical(entry: AuditEntry) -> str:
    """Return an entry as JSON that is always the same for the same row.

    Keys are sorted, times are in UTC, and there is no whitespace between tokens.
    """
    values = {name: getattr(entry, name) for name in FIELDS}
    values["at"] = entry.at.astimezone(UTC).isoformat()
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_digest(entry: AuditEntry) -> str:
    """Return the keyed SM3 digest (64 hex digits) of one entry, which nobody can forge without the key."""
    return crypto.blind_index("audit.entry", canonical(entry))


def seal_digest(
    number: int, at: datetime, complete: bool, previous: str, sealed: Iterable[tuple[int, int, str]]
) -> str:
    """Return the keyed digest of a seal over ``sealed``: (position, entry id, entry digest) in order."""
    head = f"{number}|{at.astimezone(UTC).isoformat()}|{complete:d}|{previous}"
    lines = [f"{position}:{pk}:{digest}" for position, pk, digest in sealed]
    return crypto.blind_index("audit.seal", "\n".join([head, *lines]))
