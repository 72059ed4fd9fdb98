"""Who may read and set what of figures."""

from portal.core.choices import Area, Capability


def can_read_figures(actor, organization):
    """She sees statistics at the organisation or above it."""
    return actor.can(Area.STATISTICS, Capability.VIEW, organization.path)


def can_set_targets(actor, organization):
    """She edits statistics at the organisation or above it."""
    return actor.can(Area.STATISTICS, Capability.EDIT, organization.path)


def can_export_figures(actor, organization):
    """She takes figures of the organisation out."""
    return actor.can(Area.STATISTICS, Capability.EXPORT, organization.path)
