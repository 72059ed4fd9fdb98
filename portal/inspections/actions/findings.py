"""Actions on findings; an area makes them for its own models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions
from portal.inspections import rules
from portal.inspections.choices import FindingState, InspectionState
from portal.inspections.forms.findings import AnswerForm, RecheckForm
from portal.inspections.services import findings
from portal.web.forms import ReasonForm

if TYPE_CHECKING:
    from portal.inspections.models import Finding
    from portal.members.models import Member


def may_answer_now(actor: Member, finding: Finding) -> bool:
    """Return whether the inspection is finished, so that its findings can be answered."""
    return finding.inspection.state == InspectionState.FINISHED


def finding_actions(model: type[Finding], *, prefix: str, path: str) -> Actions:
    """Return the actions on the findings of an area."""
    return Actions(
        model,
        prefix=prefix,
        path=path,
        row_name="finding",
        rule=rules.can_withdraw_finding,
        line=(FindingState.TO_RECTIFY, FindingState.TO_RECHECK, FindingState.CLOSED),
        words={"create": _("Finding recorded")},
        actions=[
            Action(
                name="answer",
                service=findings.finding_answer,
                target=FindingState.TO_RECHECK,
                rule=rules.can_answer_finding,
                when=may_answer_now,
                form=AnswerForm,
                label=_("Answer"),
                icon="message-circle",
                title=_("Answer the finding"),
                button=_("Send the answer"),
                consequence=_("The inspectors are notified, and somebody else re-checks."),
                done=_("The answer is sent."),
                options={"shell": None},
            ),
            Action(
                name="recheck",
                service=findings.finding_recheck,
                rule=rules.can_recheck_finding,
                when=lambda actor, row: row.state == FindingState.TO_RECHECK,
                form=RecheckForm,
                label=_("Re-check"),
                icon="circle-check",
                title=_("Re-check the finding"),
                button=_("Save the result"),
                consequence=_("A finding that is opened again gets a new due date, and the unit is notified."),
                done=_("The result of the re-check is saved."),
            ),
            Action(
                name="withdraw",
                service=findings.finding_withdraw,
                target=FindingState.WITHDRAWN,
                form=ReasonForm,
                label=_("Withdraw"),
                icon="x",
                title=_("Withdraw the finding"),
                consequence=_("The finding was recorded in error. The unit need not answer it."),
                danger=True,
                done=_("The finding is withdrawn."),
            ),
        ],
    )
