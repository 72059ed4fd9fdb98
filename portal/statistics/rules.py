"""Rules for reading figures and setting targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Organization


def can_read_figures(actor: Member, organization: Organization) -> bool:
    """The actor may see statistics at the organisation, or above it."""
    return actor.can(Area.STATISTICS, Capability.VIEW, organization.path)


def can_set_targets(actor: Member, organization: Organization) -> bool:
    """The actor may edit statistics at the organisation, or above it."""
    return actor.can(Area.STATISTICS, Capability.EDIT, organization.path)


def can_export_figures(actor: Member, organization: Organization) -> bool:
    """The actor may export statistics at the organisation, or above it."""
    return actor.can(Area.STATISTICS, Capability.EXPORT, organization.path)
