"""Services for budgets and costs of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventState
from matchmaking.models import EventBudget, EventCost, MatchEvent
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError

if TYPE_CHECKING:
    from decimal import Decimal

    from portal.members.models import Member
    from portal.organizations.models import Organization


@transaction.atomic
def budget_create(*, actor: Member, organization: Organization, year: int, planned: Decimal) -> EventBudget:
    """Create the budget of an organisation for a year; each year has one budget."""
    row = EventBudget(organization=organization, year=year, planned=planned)
    row.full_clean()
    row.save(force_insert=True)
    audit_record(actor=actor, action="budget.create", about=row)
    return row


@transaction.atomic
def budget_update(*, actor: Member, budget: EventBudget, version: int, planned: Decimal) -> EventBudget:
    """Change the amount of a year's budget; raises Conflict when another edit came first."""
    held = locks.hold_version(budget, version)
    held.planned = planned
    held.version += 1
    held.full_clean()
    held.save(update_fields=["planned", "version"])
    audit_record(actor=actor, action="budget.update", about=held, fields=["planned"])
    return held


def _open(event: MatchEvent) -> MatchEvent:
    held = locks.hold(event)
    if held.state in (EventState.CANCELLED, EventState.REPORTED):
        raise DomainError(_("The accounts of this event are closed."), code="accounts-closed")
    return held


@transaction.atomic
def cost_create(*, actor: Member, event: MatchEvent, **fields: Any) -> EventCost:
    """Create a planned or spent amount of an event that is not yet reported or cancelled."""
    row = EventCost(event=_open(event), **fields)
    row.full_clean()
    row.save(force_insert=True)
    audit_record(actor=actor, action="cost.create", about=row)
    return row


@transaction.atomic
def cost_update(*, actor: Member, cost: EventCost, **fields: Any) -> EventCost:
    """Change an amount of an event; what was spent is stored beside what was planned."""
    event = _open(cost.event)
    held = locks.hold(cost)
    held.event = event
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    held.full_clean()
    held.save()
    audit_record(actor=actor, action="cost.update", about=held, fields=touched)
    return held


@transaction.atomic
def cost_remove(*, actor: Member, cost: EventCost) -> None:
    """Delete an amount of an event that is not yet reported or cancelled."""
    _open(cost.event)
    audit_record(actor=actor, action="cost.remove", about=cost, data={"event": cost.event_id, "kind": cost.kind})
    cost.delete()
