"""Which reports from the door a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q

from nursing_rooms.choices.reports import ReportState
from nursing_rooms.querysets.rooms import OfRoomQuerySet
from portal.core.choices import Capability

if TYPE_CHECKING:
    from typing import Any

    from nursing_rooms.models import RoomReport
    from portal.members.models import Member


class RoomReportQuerySet(OfRoomQuerySet["RoomReport"]):
    """Reports; those that bypass the manager are seen at the level above only."""

    path_lookup = "organization__path"

    def visible_to(self, actor: Member) -> Self:
        """Return the reports at the actor's organisations, and those about rooms that the actor looks after.

        Some reports bypass the manager: those about privacy, safety or the staff. Nobody sees them who looked after the
        room when such a report was made, or since. This holds also for staff of the organisation that must act.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        rooms: Any = self.model._meta.get_field("room").related_model._default_manager
        managed = Q(room__in=rooms.managed_by(actor))
        reached = Q(pk__in=self.reached_by(actor, Capability.VIEW).values("pk"))
        given: Any = rooms.model._meta.get_field("managers").related_model
        concerned = Exists(
            given._default_manager.since(OuterRef("first_on")).filter(room=OuterRef("room"), member=actor)
        )
        return self.filter((reached & ~(Q(bypasses=True) & concerned)) | (Q(bypasses=False) & managed))

    def open(self) -> Self:
        """Reports that are not settled."""
        return self.filter(state=ReportState.OPEN)

    def for_list(self) -> Self:
        return self.select_related("organization__parent", "room__organization")
