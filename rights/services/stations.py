"""Services of rights stations: opening, changing and closing them, and hours of duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import audit_record, row_create, row_update
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services.messages import message_post
from portal.organizations.selectors import lies_within
from rights.choices.stations import StationState
from rights.models import RightsStation, StationShift

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import time

    from portal.members.models import Member
    from portal.organizations.models import Organization, Region

OUTSIDE = _("This region is outside the region of the union that manages the station.")


def _check_region(region: Region, organization: Organization) -> None:
    if not lies_within(region, organization):
        raise DomainError(OUTSIDE, code="outside")


def station_create(*, actor: Member, organization: Organization, **fields: Any) -> RightsStation:
    """Open a station kept by ``organization``, in a region inside the organisation's own.

    Members find stations by region.
    """
    _check_region(fields["region"], organization)
    return row_create(actor=actor, row=RightsStation(organization=organization, **fields), action="station.create")


def station_update(*, actor: Member, station: RightsStation, version: int, **fields: Any) -> RightsStation:
    """Change a station; raises Conflict if another edit came first."""
    _check_region(fields.get("region", station.region), station.organization)
    return row_update(actor=actor, row=station, action="station.update", version=version, fields=fields)


def station_pause(*, actor: Member, station: RightsStation, reason: str) -> RightsStation:
    """Close a station temporarily."""
    return advance(station, StationState.PAUSED, actor=actor, note=reason)


def station_reopen(*, actor: Member, station: RightsStation) -> RightsStation:
    """Reopen a station that was closed temporarily."""
    return advance(station, StationState.OPEN, actor=actor)


@transaction.atomic
def station_end(*, actor: Member, station: RightsStation, reason: str) -> RightsStation:
    """Close a station permanently and remove its hours of duty."""
    held = advance(station, StationState.ENDED, actor=actor, note=reason)
    held.shifts.all().delete()
    return held


def stations_bulk_create(*, rows: Iterable[Mapping[str, Any]]) -> list[RightsStation]:
    """Create stations in bulk from checked ``rows``, which are the fields of each; return the stations."""
    return RightsStation.objects.bulk_create([RightsStation(**row) for row in rows], batch_size=500)


@transaction.atomic
def stations_take_back(*, pks: Collection[int]) -> int:
    """Delete the stations of an import and return how many; refused if anybody is on duty at one of them."""
    if StationShift.objects.filter(station__in=pks).exists():
        raise DomainError(_("Somebody is already on duty at one of these stations."), code="in-use")
    return RightsStation.objects.filter(pk__in=pks).delete()[0]


@transaction.atomic
def shift_add(
    *, actor: Member, station: RightsStation, member: Member, weekday: int, starts: time, ends: time
) -> StationShift:
    """Record hours of duty of ``member`` and notify them.

    Refused if the hours overlap with other hours of duty of that person.
    """
    held = locks.hold(station)
    if held.state == StationState.ENDED:
        raise DomainError(_("This station has been permanently closed."), code="ended")
    locks.hold_without_key(member)
    meets = StationShift.objects.filter(member=member, weekday=weekday, starts__lt=ends, ends__gt=starts)
    if meets.exists():
        raise DomainError(_("This person is already on duty at these hours."), code="meets")
    shift = StationShift(station=held, member=member, weekday=weekday, starts=starts, ends=ends)
    row_create(actor=actor, row=shift, action="shift.create")
    if member.pk != actor.pk:
        words = {"station": held.name, "day": weekday, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
        message_post(
            kind="rights.shift_added", to=member, about=shift, url=reverse("rights:station-find"), context=words
        )
    return shift


@transaction.atomic
def shift_remove(*, actor: Member, shift: StationShift) -> None:
    """Remove hours of duty."""
    audit_record(actor=actor, action="shift.remove", about=shift)
    shift.delete()


def shifts_erase(member: Member) -> int:
    """Delete the hours of duty of an erased person; return how many."""
    return StationShift.objects.of(member).delete()[0]
