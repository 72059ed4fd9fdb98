"""What can be done with a report of a person."""

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
            label=_("Settle and answer"),
            icon="check",
            title=_("Settle the report"),
            consequence=_("Who reported reads your answer. The other person is not told who it was."),
            done=_("Settled. Who reported is told."),
        ),
        Action(
            name="take",
            service=report_take,
            when=lambda actor, report: report.state in (ReportState.OPEN, ReportState.UNFOUNDED),
            label=_("Take it on"),
            icon="inbox",
            title=_("Take the report on"),
            consequence=_("From now on you read the words, and nobody else does. That you took it on is recorded."),
            done=_("It is yours. Answer it by the day it is due."),
        ),
        Action(
            name="release",
            service=report_release,
            when=_mine,
            aside=True,
            label=_("Put it back"),
            icon="arrow-back-up",
            title=_("Put the report back"),
            consequence=_("It stands in the queue again for others."),
            done=_("It is back in the queue."),
        ),
        Action(
            name="unhold",
            service=profile_unhold,
            when=_held,
            aside=True,
            label=_("Let the profile go on"),
            icon="player-play",
            button=_("Let it go on"),
            consequence=_("Its owner may let others find it again. She is told."),
            done=_("The profile may go on."),
        ),
    ],
)
