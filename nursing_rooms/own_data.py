"""The data that nursing rooms hold on a person, and the people who see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from nursing_rooms.models import RoomInspection, RoomManager
from portal.core.choices import Area, Capability
from portal.core.own_data import Assigned, Seen, Source
from portal.inspections.own_data import inspector_seen, inspector_source

if TYPE_CHECKING:
    from portal.members.models import Member

    Rows = list[tuple[object, ...]]
    Places = list[tuple[str, str]]


def _rows(member: Member) -> Rows:
    rows = RoomManager.objects.filter(member=member).for_list().order_by("valid_from", "pk")
    return [(row.room.name, row.valid_from, row.valid_until) for row in rows]


def _where(member: Member) -> Places:
    rows = RoomManager.objects.filter(member=member).current().for_list()
    return [(row.room.organization.path, row.room.name) for row in rows]


SOURCES = (
    Source(
        code="nursing_rooms.managed",
        title=_("Nursing rooms looked after"),
        columns=(_("Nursing room"), _("From"), _("Until (not included)")),
        rows=_rows,
    ),
    inspector_source(RoomInspection, code="nursing_rooms.inspected"),
)
SEEN = (
    Seen(
        code="nursing_rooms.managed",
        area=Area.NURSING_ROOMS,
        capability=Capability.VIEW,
        title=_("Nursing rooms looked after"),
        fields=(_("Full name"), _("Nursing room")),
        where=_where,
    ),
    inspector_seen(RoomInspection, code="nursing_rooms.inspected", area=Area.NURSING_ROOMS),
)


def assigned(member: Member) -> list[Assigned]:
    """Return nothing: who looks after a room is seen only by holders of a duty."""
    return []
