"""The models of nursing rooms, one module per subject."""

from nursing_rooms.models.inspections import RoomFinding, RoomInspection, RoomInspector, RoomScore
from nursing_rooms.models.reports import RoomDay, RoomReport
from nursing_rooms.models.rooms import NursingRoom, RoomManager

__all__ = [
    "NursingRoom",
    "RoomDay",
    "RoomFinding",
    "RoomInspection",
    "RoomInspector",
    "RoomManager",
    "RoomReport",
    "RoomScore",
]
