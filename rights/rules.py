"""Rules on who may do what with a rights station, beyond seeing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area, Capability
from rights.choices import StationState

if TYPE_CHECKING:
    from portal.members.models import Member
    from rights.models import RightsStation, StationShift


def can_edit_station(actor: Member, station: RightsStation) -> bool:
    """The actor may edit rights at the organisation that keeps the station, or above it."""
    return actor.can(Area.RIGHTS, Capability.EDIT, station.organization.path)


def can_change_station(actor: Member, station: RightsStation) -> bool:
    return can_edit_station(actor, station) and station.state != StationState.ENDED


def can_edit_shift(actor: Member, shift: StationShift) -> bool:
    return can_change_station(actor, shift.station)
