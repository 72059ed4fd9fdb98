"""Forms of inspections of rooms."""

from portal.core.choices import Area
from portal.inspections.forms.inspections import PlanForm


class RoomPlanForm(PlanForm):
    area = Area.NURSING_ROOMS
