"""Actions on inspections of rooms and on their findings."""

from nursing_rooms.models import RoomFinding, RoomInspection
from portal.inspections.actions.findings import finding_actions
from portal.inspections.actions.inspections import inspection_actions

INSPECTION = inspection_actions(RoomInspection, prefix="inspection", path="inspections/")
FINDING = finding_actions(RoomFinding, prefix="finding", path="findings/")
