"""Services for series and themes of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matchmaking.models import EventSeries, EventTheme
from portal.audit.services import row_create, row_update

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Organization


def series_create(*, actor: Member, organization: Organization, **fields: Any) -> EventSeries:
    """Create a series for an organisation and everything below it."""
    return row_create(actor=actor, row=EventSeries(organization=organization, **fields), action="series.create")


def series_update(*, actor: Member, series: EventSeries, version: int, **fields: Any) -> EventSeries:
    """Change a series; raises Conflict when another edit came first."""
    return row_update(actor=actor, row=series, action="series.update", version=version, fields=fields)


def theme_create(*, actor: Member, **fields: Any) -> EventTheme:
    """Create a theme with the text that new events start from."""
    return row_create(actor=actor, row=EventTheme(**fields), action="theme.create")


def theme_update(*, actor: Member, theme: EventTheme, **fields: Any) -> EventTheme:
    """Change a theme; existing events keep their text."""
    return row_update(actor=actor, row=theme, action="theme.update", fields=fields)
