"""To-do items of rooms that no deadline makes: to check or accept, closings that are over, inspections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.models import NursingRoom, RoomFinding, RoomInspection
from portal.core.choices import Area, Capability, Level
from portal.inspections.selectors import inspection_todos
from portal.organizations.choices import OrganizationKind
from portal.web.todo import Todo

if TYPE_CHECKING:
    from portal.members.models import Member
    from portal.organizations.models import Organization

SHOWN = 50


def items_for(actor: Member) -> list[Todo]:
    """Return the rooms that wait for the actor's own level, the inspections to hold, and the findings to re-check.

    The county checks a room, the city accepts it, the union reopens it.
    """
    paths = set(actor.reach(Area.NURSING_ROOMS, Capability.EDIT))
    waiting = Q(pk__in=[])
    for place in {duty.organization for duty in actor.duties if duty.organization.path in paths}:
        waiting |= _waiting_at(place)
    rows = NursingRoom.objects.filter(waiting).order_by("pk")
    return [
        *(Todo(_words(room), room.get_absolute_url(), "door") for room in rows[:SHOWN]),
        *inspection_todos(actor, RoomInspection.objects.all(), RoomFinding.objects.all()),
    ]


def _waiting_at(place: Organization) -> Q:
    own, below = Q(organization=place), Q(organization__path__startswith=place.path)
    applied, checked = Q(state=RoomState.APPLIED), Q(state=RoomState.CHECKED)
    found = own & Q(state=RoomState.CLOSED, closed_until__lt=timezone.localdate())
    if place.level == Level.COUNTY:
        found |= below & applied
    elif place.level == Level.CITY:
        # Units below the city itself have no county that checks.
        direct = Q(organization__parent=place) & ~Q(organization__kind=OrganizationKind.COUNTY)
        found |= (below & checked) | ((own | direct) & applied)
    elif place.level == Level.PROVINCE:
        found |= own & (applied | checked)
    return found


def _words(room: NursingRoom) -> str:
    names = {"room": room.name}
    if room.state == RoomState.APPLIED:
        return _("Check the application for a nursing room: %(room)s") % names
    if room.state == RoomState.CHECKED:
        return _("Accept the nursing room: %(room)s") % names
    return _("The closing is over, reopen or close for longer: %(room)s") % names
