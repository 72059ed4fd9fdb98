"""Writing the audit and sealing it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from portal.audit.models import AuditEntry, AuditSeal, SealedEntry
from portal.audit.seals import entry_digest, seal_digest
from portal.core import locks
from portal.core.choices import Area, Capability
from portal.core.logs import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from portal.audit.gate import Clock
    from portal.members.models import Member
    from portal.organizations.models import Organization

Row = TypeVar("Row", bound=Model)

logger = logging.getLogger("portal.audit.seals")

SEAL_SIZE = 2000
# How far before the last complete seal the sealer looks for entries that were committed late. No transaction of the
# portal runs that long; the verifier looks at all entries and names those that lie further back.
LOOK_BACK = timedelta(days=1)


def path_of(instance: Model) -> str:
    """Return the path of the row's organisation, found by its queryset's ``path_lookup``; '' for none."""
    queryset = getattr(type(instance), "_default_manager", None)
    lookup = getattr(getattr(queryset, "_queryset_class", None), "path_lookup", "")
    value: object = instance
    for part in lookup.split("__") if lookup else ():
        value = getattr(value, part, None)
        if value is None:
            return ""
    return value if isinstance(value, str) else ""


def audit_record(
    *,
    actor: Member | Clock | None,
    action: str,
    about: Model | None = None,
    fields: Iterable[str] = (),
    data: Mapping[str, object] | None = None,
    note: str = "",
    organization: Organization | None = None,
    path: str = "",
    **states: str,
) -> AuditEntry:
    """Write one entry in the caller's transaction.

    ``data`` takes ids, states and counts, never personal values. ``actor`` is a member or a Clock; ``about`` is a saved
    row or None. The organisation path is that of ``organization``, else ``path``, else that of ``about``.
    """
    rule = getattr(actor, "rule", "")
    return AuditEntry.objects.create(
        actor=None if rule or actor is None or not getattr(actor, "pk", None) else actor,  # type: ignore[misc]  # no Clock
        clock=rule,
        action=action,
        about_model=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        organization_path=organization.path if organization is not None else path or (path_of(about) if about else ""),
        fields=sorted(fields),
        data=data or {},
        note=scrub(note)[:500],
        **states,
    )


@transaction.atomic
def row_create(*, actor: Member, row: Row, action: str) -> Row:
    """Validate a new row, save it and write the audit entry ``action``; return the row."""
    row.full_clean()
    row.save(force_insert=True)
    audit_record(actor=actor, action=action, about=row)
    return row


@transaction.atomic
def row_update(
    *, actor: Member, row: Row, action: str, fields: Mapping[str, object], version: int | None = None
) -> Row:
    """Change ``fields`` of a row under lock and write the audit entry ``action``; return the saved row.

    ``version`` is the version at which the edit began: raises Conflict when another edit came first. None skips this
    check.
    """
    held = locks.hold(row) if version is None else locks.hold_version(row, version)
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    if version is not None:
        held.version += 1  # type: ignore[attr-defined]  # as hold_version asks
    held.full_clean()
    held.save()
    audit_record(actor=actor, action=action, about=held, fields=touched)
    return held


def audit_read(*, actor: Member, filters: Iterable[str], rows: int) -> AuditEntry:
    """Record that an audit administrator read the audit, with the filters and the number of rows shown."""
    path = min(actor.reach(Area.AUDIT, Capability.VIEW), key=len)
    return audit_record(actor=actor, action="audit.read", data={"filters": sorted(filters), "rows": rows}, path=path)


def seal_all(*, size: int = SEAL_SIZE) -> int:
    """Seal every committed entry that no seal holds yet; return the number of seals made."""
    made = 0
    while seal_next(size=size) is not None:
        made += 1
    return made


def looked_at_from() -> datetime | None:
    """Return the time from which entries are searched for sealing; None before the first complete seal."""
    emptied_at = AuditSeal.objects.all().emptied_at()
    return emptied_at - LOOK_BACK if emptied_at else None


@transaction.atomic
def seal_next(*, size: int = SEAL_SIZE) -> AuditSeal | None:
    """Write the next seal over at most ``size`` entries and log it; None when no entry waits.

    Only one caller at a time may seal; a second one gets None at once. The log holds the digests, so that a rebuilt
    chain is detected.
    """
    if not locks.take_turn("audit.seal"):
        return None
    waiting = list(AuditEntry.objects.all().unsealed(since=looked_at_from())[: size + 1])
    if not waiting:
        return None
    entries, complete = waiting[:size], len(waiting) <= size
    last = AuditSeal.objects.order_by("-number").first()
    number, previous, at = (last.number + 1, last.digest, timezone.now()) if last else (1, "", timezone.now())
    sealed = [(position, entry.pk, entry_digest(entry)) for position, entry in enumerate(entries, start=1)]
    digest = seal_digest(number, at, complete, previous, sealed)
    seal = AuditSeal.objects.create(
        number=number, at=at, count=len(sealed), complete=complete, previous=previous, digest=digest
    )
    SealedEntry.objects.bulk_create(
        [SealedEntry(seal=seal, position=place, entry_id=pk, digest=mark) for place, pk, mark in sealed]
    )
    line = f"audit seal number={number} count={len(sealed)} digest={digest} previous={previous or '-'}"
    transaction.on_commit(lambda: logger.info(line), robust=True)
    return seal
