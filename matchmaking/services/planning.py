"""What events are planned from: series, themes, venues, partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventPartner, EventSeries, EventTheme, MatchEvent, Venue
from portal.audit.services import audit_record, row_create, row_update
from portal.core.errors import DomainError
from portal.messaging.services.touching import touch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from portal.members.models import Member
    from portal.organizations.models import Organization


def series_create(*, actor: Member, organization: Organization, **fields: Any) -> EventSeries:
    """Lay down a series for an organisation and all below it."""
    return row_create(actor=actor, row=EventSeries(organization=organization, **fields), action="series.create")


def series_update(*, actor: Member, series: EventSeries, version: int, **fields: Any) -> EventSeries:
    """Change a series; raises Conflict when another edit came first."""
    return row_update(actor=actor, row=series, action="series.update", version=version, fields=fields)


def theme_create(*, actor: Member, **fields: Any) -> EventTheme:
    """Add a theme with its text to start from."""
    return row_create(actor=actor, row=EventTheme(**fields), action="theme.create")


def theme_update(*, actor: Member, theme: EventTheme, **fields: Any) -> EventTheme:
    """Change a theme; events keep the words they have."""
    return row_update(actor=actor, row=theme, action="theme.update", fields=fields)


def venue_create(*, actor: Member, organization: Organization, **fields: Any) -> Venue:
    """Enter a venue into the library of an organisation."""
    return row_create(actor=actor, row=Venue(organization=organization, **fields), action="venue.create")


def venue_update(*, actor: Member, venue: Venue, version: int, **fields: Any) -> Venue:
    """Change a venue; raises Conflict when another edit came first."""
    return row_update(actor=actor, row=venue, action="venue.update", version=version, fields=fields)


def venues_bulk_create(*, rows: Iterable[Mapping[str, Any]]) -> list[Venue]:
    """Write checked venues in bulk; ``rows`` are the fields of each. Returns the rows."""
    return Venue.objects.bulk_create([Venue(**row) for row in rows], batch_size=500)


@transaction.atomic
def venues_take_back(*, pks: Collection[int]) -> int:
    """Delete venues of an import as long as no event is held at one of them; return how many."""
    try:
        return Venue.objects.filter(pk__in=pks).delete()[0]
    except ProtectedError:
        raise DomainError(_("An event is planned at one of these venues already."), code="in-use") from None


def partner_add(
    *,
    actor: Member,
    event: MatchEvent,
    kind: str,
    name: str = "",
    organization: Organization | None = None,
    contribution: str = "",
) -> EventPartner:
    """Put a partner on an event; a union is named as the portal has it."""
    if organization is not None and event.organization_id == organization.pk:
        raise DomainError(_("This organisation holds the event itself."), code="is-lead")
    name = organization.name[:60] if organization is not None else name
    if not name:
        raise DomainError(_("Name the partner, or choose the union."), code="nameless")
    row = EventPartner(event=event, kind=kind, name=name, organization=organization, contribution=contribution)
    _touch_joint(event, organization)
    return row_create(actor=actor, row=row, action="partner.create")


def _touch_joint(event: MatchEvent, organization: Organization | None) -> None:
    """Tell the figures that an event is joint, or no longer: its organiser's and the partner's."""
    if organization is not None:
        for place in (event.organization_id, organization.pk):
            touch(event._meta.label_lower, place, event.starts_at, event.starts_at)


@transaction.atomic
def partner_remove(*, actor: Member, partner: EventPartner) -> None:
    """Take a partner off an event."""
    audit_record(actor=actor, action="partner.remove", about=partner)
    _touch_joint(partner.event, partner.organization)
    partner.delete()
