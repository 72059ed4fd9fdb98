"""Services of inspections of rooms; the steps themselves are those of ``portal.inspections``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nursing_rooms.models import RoomInspection
from portal.inspections.services.inspections import inspection_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nursing_rooms.models import NursingRoom
    from portal.members.models import Member
    from portal.organizations.models import Organization


def room_inspection_plan(
    *,
    actor: Member,
    room: NursingRoom,
    organization: Organization,
    planned_on: date,
    inspectors: Sequence[Member],
    lead: Member,
) -> RoomInspection:
    """Plan an inspection of a room by ``organization``; its inspectors are notified, the room's union is not."""
    row = RoomInspection(room=room, organization=organization, planned_on=planned_on)
    return inspection_plan(actor=actor, inspection=row, inspectors=inspectors, lead=lead)
