"""Which reports from the door a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from nursing_rooms.choices.reports import ReportState
from nursing_rooms.querysets.rooms import OfRoomQuerySet
from portal.core.choices import Capability

if TYPE_CHECKING:
    from portal.members.models import Member


class RoomReportQuerySet(OfRoomQuerySet["RoomReport"]):
    """Reports; those that bypass the manager are seen at the level above only."""

    path_lookup = "organization__path"

    def visible_to(self, actor: Member) -> Self:
        """Return the reports at the actor's organisations, and those about rooms that the actor looks after.

        A report about privacy, safety or the staff is never shown to the manager of the room.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        rooms = self.model._meta.get_field("room").related_model._default_manager
        return self.filter(
            Q(pk__in=self.reached_by(actor, Capability.VIEW).values("pk"))
            | Q(bypasses=False, room__in=rooms.managed_by(actor))
        )

    def open(self) -> Self:
        """Reports that are not settled."""
        return self.filter(state=ReportState.OPEN)

    def for_list(self) -> Self:
        return self.select_related("organization", "room__organization")
