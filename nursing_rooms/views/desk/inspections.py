"""Desk pages of inspections of rooms, and of their findings."""

from nursing_rooms.actions.inspections import FINDING, INSPECTION
from nursing_rooms.models import RoomFinding, RoomInspection
from portal.core.choices import Area
from portal.inspections.views.desk.findings import FindingPages
from portal.inspections.views.desk.inspections import InspectionPages


class RoomInspectionPages(InspectionPages):
    model = RoomInspection
    area = Area.NURSING_ROOMS
    prefix = "inspection"
    path = "inspections/"
    columns = ("room", "planned_on", "organization", "state", "share", "grade")
    actions = INSPECTION


class RoomFindingPages(FindingPages):
    model = RoomFinding
    area = Area.NURSING_ROOMS
    prefix = "finding"
    path = "findings/"
    actions = FINDING
