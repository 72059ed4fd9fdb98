"""Services to create, change and close organisations."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.text import pinyin_key
from portal.messaging.services.touching import EVERYTHING, touch, touches_post
from portal.organizations.choices import LEVELS, OrganizationKind
from portal.organizations.models import Organization, OrganizationLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.members.models import Member

EPOCH = datetime.date(1949, 10, 1)


def check_place(kind: str, parent: Organization | None) -> None:
    """Refuse a kind whose level is not below that of the parent, and a parent that is closed or missing."""
    kind = OrganizationKind(kind)
    if parent is None:
        if kind != OrganizationKind.PROVINCE:
            raise DomainError(_("Choose the parent organisation."), code="no-parent")
        return
    if parent.closed_on:
        raise DomainError(_("The parent organisation is closed."), code="parent-closed")
    if LEVELS[kind] <= parent.level:
        raise DomainError(_("Its level must be lower than the level of the parent organisation."), code="level")


@transaction.atomic
def organization_create(
    *, actor: Member | None, kind: str, name: str, parent: Organization | None = None, **fields: Any
) -> Organization:
    """Create an organisation under ``parent`` with its first line."""
    if parent is not None:
        parent = locks.hold(parent)
    check_place(kind, parent)
    (pk,) = reserve_pks(Organization)
    row = organization_build(pk=pk, parent=parent, kind=kind, name=name, **fields)
    row.full_clean(exclude=["region", "employer"])
    row.save(force_insert=True)
    OrganizationLine.objects.create(organization=row, path=row.path, valid_from=row.founded_on or EPOCH)
    touch(EVERYTHING, row.pk, row.founded_on or EPOCH)
    audit_record(actor=actor, action="organization.create", about=row, fields=["kind", "name", "parent", *fields])
    return row


def organization_build(*, pk: int, parent: Organization | None, name: str, **fields: Any) -> Organization:
    """Return an unsaved organisation with path and pinyin; ``pk`` comes from ``reserve_pks``."""
    path = f"{parent.path if parent else '/'}{pk}/"
    return Organization(pk=pk, parent=parent, path=path, name=name, pinyin=pinyin_key(name), **fields)


@transaction.atomic
def organizations_bulk_create(*, rows: Sequence[Organization]) -> Sequence[Organization]:
    """Insert organisations that were built before, with their first lines.

    Parents come before children in ``rows``.
    """
    Organization.objects.bulk_create(rows, batch_size=2000)
    OrganizationLine.objects.bulk_create(
        [OrganizationLine(organization=row, path=row.path, valid_from=row.founded_on or EPOCH) for row in rows],
        batch_size=2000,
    )
    touches_post([(EVERYTHING, row.pk, row.founded_on or EPOCH) for row in rows])
    return rows


@transaction.atomic
def organization_update(
    *, actor: Member | None, organization: Organization, version: int, **fields: object
) -> Organization:
    """Change facts of an organisation, not its position; raise Conflict when another edit came first."""
    held = locks.hold_version(organization, version)
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    held.pinyin = pinyin_key(held.name)
    held.version += 1
    held.full_clean(exclude=["region", "employer"])
    held.save(update_fields=[*touched, "pinyin", "version"])
    if touched:
        audit_record(actor=actor, action="organization.update", about=held, fields=touched)
        # Kind and form of employment apply to all days of the organisation.
        touch("organizations.organization", held.pk, EPOCH)
    return held


@transaction.atomic
def organization_close(*, actor: Member, organization: Organization, on: datetime.date | None = None) -> Organization:
    """Close an organisation that has no open organisation below it; its history is kept."""
    held = locks.hold(organization)
    on = on or timezone.localdate()
    if held.closed_on:
        raise DomainError(_("This organisation is already closed."), code="closed")
    if held.children.filter(closed_on=None).exists():
        raise DomainError(_("Close or move the organisations below it first."), code="has-children")
    held.closed_on = on
    held.version += 1
    held.full_clean(exclude=["region", "employer"])
    if held.lines.filter(valid_until=None, valid_from__gt=on).exists():
        raise DomainError(_("The closing date must not be earlier than the founding date."), code="too-early")
    held.save(update_fields=["closed_on", "version"])
    held.lines.filter(valid_until=None).update(valid_until=on + datetime.timedelta(days=1))
    touch(EVERYTHING, held.pk, on, path=held.path)
    audit_record(actor=actor, action="organization.close", about=held, fields=["closed_on"])
    return held
