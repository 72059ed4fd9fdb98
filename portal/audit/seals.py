"""What a seal says: canonical text of an entry, digests of entries and of seals. Pure calculation."""

import json
from datetime import UTC

from portal.core import crypto

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


def canonical(entry):
    """Return an entry as JSON that is the same for the same row: keys in order, times in UTC, no blanks."""
    values = {name: getattr(entry, name) for name in FIELDS}
    values["at"] = entry.at.astimezone(UTC).isoformat()
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_digest(entry):
    """Return the keyed SM3 digest (64 hex digits) of one entry: without the key nobody can make a fitting one."""
    return crypto.blind_index("audit.entry", canonical(entry))


def seal_digest(number, at, complete, previous, sealed):
    """Return the keyed digest of a seal over ``sealed``: (position, entry id, entry digest) in order."""
    head = f"{number}|{at.astimezone(UTC).isoformat()}|{complete:d}|{previous}"
    lines = [f"{position}:{pk}:{digest}" for position, pk, digest in sealed]
    return crypto.blind_index("audit.seal", "\n".join([head, *lines]))
