"""Which inspections of rooms, scores and findings a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from portal.core.choices import Area
from portal.inspections.querysets.findings import FindingQuerySet
from portal.inspections.querysets.inspections import InspectionQuerySet, ScoreQuerySet

if TYPE_CHECKING:
    from typing import Any

    from nursing_rooms.models import RoomFinding, RoomInspection, RoomScore
    from portal.members.models import Member


class RoomInspectionQuerySet(InspectionQuerySet["RoomInspection"]):
    """Inspections of rooms, by the union that inspects."""

    area = Area.NURSING_ROOMS
    unit_lookup = "room__organization"

    def kept_by(self, actor: Member) -> Q:
        """Return the condition that ``actor`` looks after the room today."""
        rooms: Any = self.model._meta.get_field("room").related_model
        return Q(room__in=rooms._default_manager.managed_by(actor).values("pk"))


class RoomScoreQuerySet(ScoreQuerySet["RoomScore"]):
    """Scores of inspections of rooms."""

    area = Area.NURSING_ROOMS


class RoomFindingQuerySet(FindingQuerySet["RoomFinding"]):
    """Findings of inspections of rooms."""

    area = Area.NURSING_ROOMS
    unit_lookup = "inspection__room__organization"
