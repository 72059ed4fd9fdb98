"""Services for the definitions and targets of indicators; formulas are only in code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from portal.audit.services import audit_record
from portal.statistics.models import IndicatorDefinition, Target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import Any

    from portal.members.models import Member
    from portal.organizations.models import Organization


@transaction.atomic
def definition_set(*, actor: Member, code: str, **fields: Any) -> IndicatorDefinition:
    """Set what administrators say of an indicator in place of its declaration."""
    row, _created = IndicatorDefinition.objects.update_or_create(code=code, defaults=fields)
    audit_record(actor=actor, action="indicator.define", data={"code": code}, fields=list(fields))
    return row


@transaction.atomic
def target_set(*, actor: Member, indicator: str, organization: Organization, year: int, value: Decimal) -> Target:
    """Set the value that an organisation aims at for an indicator in a year."""
    row, _created = Target.objects.update_or_create(
        indicator=indicator, organization=organization, year=year, defaults={"value": value}
    )
    audit_record(
        actor=actor,
        action="target.set",
        about=row,
        data={"indicator": indicator, "year": year, "value": str(value)},
    )
    return row


@transaction.atomic
def targets_set(*, actor: Member, organization: Organization, year: int, targets: Mapping[str, Decimal | None]) -> int:
    """Set the targets of an organisation for a year; return how many changed.

    ``targets`` maps codes to values; None deletes a target.
    """
    standing = {row.indicator: row for row in Target.objects.filter(organization=organization, year=year)}
    changed = 0
    for code, value in targets.items():
        row = standing.get(code)
        if value is None and row is not None:
            audit_record(actor=actor, action="target.drop", about=row, data={"indicator": code, "year": year})
            row.delete()
            changed += 1
        elif value is not None and (row is None or row.value != value):
            target_set(actor=actor, indicator=code, organization=organization, year=year, value=value)
            changed += 1
    return changed
