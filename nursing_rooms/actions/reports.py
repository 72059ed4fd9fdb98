"""Actions on reports from the door."""

from django.utils.translation import gettext_lazy as _

from nursing_rooms import rules
from nursing_rooms.choices.reports import ReportState
from nursing_rooms.forms.reports import ReportSettleForm
from nursing_rooms.models import RoomReport
from nursing_rooms.services.reports import report_clear, report_fix
from portal.audit.actions import Action, Actions

REPORT = Actions(
    RoomReport,
    prefix="report",
    path="reports/",
    row_name="report",
    rule=rules.can_settle_report,
    words={"tap": _("Reported at the door"), "open": _("Reported again at the door")},
    actions=[
        Action(
            name="fix",
            service=report_fix,
            target=ReportState.FIXED,
            form=ReportSettleForm,
            label=_("It is fixed"),
            icon="check",
            title=_("The trouble is fixed"),
            button=_("It is fixed"),
            consequence=_("The room no longer shows this trouble to visitors."),
            done=_("The report is settled."),
            options={"shell": None},
        ),
        Action(
            name="clear",
            service=report_clear,
            target=ReportState.NO_FAULT,
            form=ReportSettleForm,
            label=_("No fault found"),
            icon="search",
            button=_("No fault found"),
            consequence=_("If others report the same again, this answer is not accepted a second time."),
            done=_("The report is settled."),
            aside=True,
            options={"shell": None},
        ),
    ],
)
