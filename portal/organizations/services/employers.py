"""Services for employers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.text import pinyin_key
from portal.organizations.models import Employer, Organization

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.members.models import Member


def employer_build(*, organization: Organization, name: str, **fields: Any) -> Employer:
    """Return an unsaved employer."""
    return Employer(organization=organization, name=name, pinyin=pinyin_key(name), **fields)


def employers_bulk_create(*, rows: Sequence[Employer]) -> list[Employer]:
    """Insert employers that were built before."""
    return Employer.objects.bulk_create(rows, batch_size=2000)


@transaction.atomic
def employer_create(*, actor: Member | None, organization: Organization, name: str, **fields: Any) -> Employer:
    """Create an employer."""
    row = employer_build(organization=organization, name=name, **fields)
    row.full_clean(exclude=["organization", "region"])
    row.save(force_insert=True)
    audit_record(actor=actor, action="employer.create", about=row, fields=["name", *fields])
    return row


@transaction.atomic
def employer_update(*, actor: Member, employer: Employer, version: int, **fields: object) -> Employer:
    """Change facts of an employer; raise Conflict when another edit came first."""
    held = locks.hold_version(employer, version)
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    held.pinyin = pinyin_key(held.name)
    held.version += 1
    held.full_clean(exclude=["organization", "region"])
    held.save(update_fields=[*touched, "pinyin", "version"])
    audit_record(actor=actor, action="employer.update", about=held, fields=touched)
    return held
