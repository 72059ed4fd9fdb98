"""Who may read and set what of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Organization


def can_read_figures(actor: Member, organization: Organization) -> bool:
    """She sees statistics at the organisation or above it."""
    return actor.can(Area.STATISTICS, Capability.VIEW, organization.path)


def can_set_targets(actor: Member, organization: Organization) -> bool:
    """She edits statistics at the organisation or above it."""
    return actor.can(Area.STATISTICS, Capability.EDIT, organization.path)


def can_export_figures(actor: Member, organization: Organization) -> bool:
    """She takes figures of the organisation out."""
    return actor.can(Area.STATISTICS, Capability.EXPORT, organization.path)
