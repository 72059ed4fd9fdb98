"""Services for partners of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventPartner, MatchEvent
from portal.audit.services import audit_record, row_create
from portal.core.errors import DomainError
from portal.messaging.services.touching import touch

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Organization


def partner_add(
    *,
    actor: Member,
    event: MatchEvent,
    kind: str,
    name: str = "",
    organization: Organization | None = None,
    contribution: str = "",
) -> EventPartner:
    """Add a partner to an event; a union gets the name that it has in the portal."""
    if organization is not None and event.organization_id == organization.pk:
        raise DomainError(_("This organisation is itself the organiser of the event."), code="is-lead")
    name = organization.name[:60] if organization is not None else name
    if not name:
        raise DomainError(_("Enter the name of the partner, or choose a union."), code="nameless")
    row = EventPartner(event=event, kind=kind, name=name, organization=organization, contribution=contribution)
    _touch_joint(event, organization)
    return row_create(actor=actor, row=row, action="partner.create")


def _touch_joint(event: MatchEvent, organization: Organization | None) -> None:
    """Note for the figures of organiser and partner that an event is joint, or no longer."""
    if organization is not None:
        for place in (event.organization_id, organization.pk):
            touch(event._meta.label_lower, place, event.starts_at, event.starts_at)


@transaction.atomic
def partner_remove(*, actor: Member, partner: EventPartner) -> None:
    """Remove a partner from an event."""
    audit_record(actor=actor, action="partner.remove", about=partner)
    _touch_joint(partner.event, partner.organization)
    partner.delete()
