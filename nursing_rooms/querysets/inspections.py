"""Which inspections of rooms, scores and findings a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.choices import Area
from portal.inspections.querysets.findings import FindingQuerySet
from portal.inspections.querysets.inspections import InspectionQuerySet, ScoreQuerySet

if TYPE_CHECKING:
    from nursing_rooms.models import RoomFinding, RoomInspection, RoomScore


class RoomInspectionQuerySet(InspectionQuerySet["RoomInspection"]):
    """Inspections of rooms, by the union that inspects."""

    area = Area.NURSING_ROOMS
    unit_lookup = "room__organization"


class RoomScoreQuerySet(ScoreQuerySet["RoomScore"]):
    """Scores of inspections of rooms."""

    area = Area.NURSING_ROOMS


class RoomFindingQuerySet(FindingQuerySet["RoomFinding"]):
    """Findings of inspections of rooms."""

    area = Area.NURSING_ROOMS
    unit_lookup = "inspection__room__organization"
