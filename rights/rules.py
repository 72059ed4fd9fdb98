"""Who may do what to a rights station, beyond seeing it."""

from portal.core.choices import Area, Capability
from rights.choices import StationState


def can_edit_station(actor, station):
    """Say whether the actor edits rights at the union that keeps the station, or above."""
    return actor.can(Area.RIGHTS, Capability.EDIT, station.organization.path)


def can_change_station(actor, station):
    return can_edit_station(actor, station) and station.state != StationState.ENDED


def can_edit_shift(actor, shift):
    return can_change_station(actor, shift.station)
