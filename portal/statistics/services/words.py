"""Words and targets beside the figures; formulas stand in code alone."""

from django.db import transaction

from portal.audit.services import audit_record
from portal.statistics.models import IndicatorDefinition, Target


@transaction.atomic
def definition_set(*, actor, code, **fields):
    """Set what is said of an indicator in place of its declaration's words."""
    row, _created = IndicatorDefinition.objects.update_or_create(code=code, defaults=fields)
    audit_record(actor=actor, action="indicator.define", data={"code": code}, fields=list(fields))
    return row


@transaction.atomic
def target_set(*, actor, indicator, organization, year, value):
    """Set what an organisation wants an indicator to be in a year."""
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
