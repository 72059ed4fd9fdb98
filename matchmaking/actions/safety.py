"""Actions on reports about a person."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.safety import ReportState
from matchmaking.forms.safety import SettleForm
from matchmaking.models import AbuseReport, SingleProfile
from matchmaking.services.safety import profile_unhold, report_release, report_settle, report_take
from portal.audit.actions import Action, Actions


def _mine(actor, report):
    return report.state == ReportState.HANDLING and report.handler_id == actor.pk


def _held(actor, report):
    if report.state != ReportState.SUBSTANTIATED:
        return False
    return SingleProfile.objects.filter(member=report.about, held=True).exists()


REPORT = Actions(
    AbuseReport,
    prefix="report",
    path="reports/",
    row_name="report",
    rule=rules.can_handle_report,
    actions=[
        Action(
            name="settle",
            service=report_settle,
            when=_mine,
            form=SettleForm,
            label=_("Close and answer"),
            icon="check",
            title=_("Close the report"),
            consequence=_("The person who reported reads your answer. The other person is not told who reported them."),
            done=_("The report is closed. The person who reported has been notified."),
        ),
        Action(
            name="take",
            service=report_take,
            when=lambda actor, report: report.state in (ReportState.OPEN, ReportState.UNFOUNDED),
            label=_("Handle"),
            icon="inbox",
            title=_("Handle the report"),
            consequence=_(
                "From now on only you can read the content of the report. It is recorded that you handle it."
            ),
            done=_("The report is assigned to you. Answer it by the due date."),
        ),
        Action(
            name="release",
            service=report_release,
            when=_mine,
            aside=True,
            label=_("Return to the queue"),
            icon="arrow-back-up",
            title=_("Return the report to the queue"),
            consequence=_("The report returns to the queue for others to handle."),
            done=_("The report is back in the queue."),
        ),
        Action(
            name="unhold",
            service=profile_unhold,
            when=_held,
            aside=True,
            label=_("Resume the profile"),
            icon="player-play",
            button=_("Resume"),
            consequence=_("The owner can make the profile visible to others again and is notified."),
            done=_("The profile is resumed."),
        ),
    ],
)
