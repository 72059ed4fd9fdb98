"""Actions on inspections; an area makes them for its own models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions, Link
from portal.inspections import rules
from portal.inspections.choices import OPEN_FINDINGS, FindingState, InspectionState
from portal.inspections.forms.findings import FindingForm
from portal.inspections.forms.inspections import FinishForm, TeamForm
from portal.inspections.selectors import result_of
from portal.inspections.services import findings, inspections
from portal.inspections.services.notices import notice_issue
from portal.web.forms import ReasonForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from django.forms import Form

    from portal.audit.actions import Rule
    from portal.audit.wording import Words
    from portal.inspections.models import Inspection
    from portal.members.models import Member

LINE = (InspectionState.PLANNED, InspectionState.UNDER_WAY, InspectionState.FINISHED, InspectionState.CLOSED)


def plan_action(service: Callable[..., Inspection], form: type[Form], *, rule: Rule, name: str = "inspect") -> Action:
    """Return the action that plans an inspection of a row of the area, such as a room.

    ``service`` takes ``actor``, the row, and the fields of ``form``, a PlanForm; it makes the new inspection and passes
    it to ``inspection_plan``.
    """
    return Action(
        name=name,
        service=service,
        rule=rule,
        form=form,
        label=_("Plan an inspection"),
        icon="clipboard-list",
        consequence=_("The inspectors are notified. The inspected unit is not told before the inspection is finished."),
        done=_("The inspection is planned."),
        lands=lambda row, result: result.get_absolute_url(),
        aside=True,
    )


def may_record_finding(actor: Member, inspection: Inspection) -> bool:
    """Return whether the inspection is in a state in which findings are recorded."""
    return inspection.state in (InspectionState.UNDER_WAY, InspectionState.FINISHED)


def missing_words(inspection: Inspection) -> Words:
    """Return why the inspection cannot be finished yet, or ""."""
    count = len(result_of(inspection).missing)
    return _("%(count)s required items have no answer yet.") % {"count": count} if count else ""


def open_words(inspection: Inspection) -> Words:
    """Return why the inspection cannot be closed yet, or ""."""
    still = inspection.findings.filter(state__in=OPEN_FINDINGS).exists()
    return _("Findings of this inspection are still open.") if still else ""


def may_issue_notice(actor: Member, inspection: Inspection) -> bool:
    """Return whether something is to be rectified, of which no notice has been issued yet."""
    to_rectify = inspection.findings.filter(state=FindingState.TO_RECTIFY)
    return inspection.state == InspectionState.FINISHED and not inspection.notice_number and to_rectify.exists()


def _notice_action() -> Action:
    return Action(
        name="notice",
        service=notice_issue,
        when=may_issue_notice,
        aside=True,
        label=_("Issue the rectification notice"),
        icon="file-text",
        consequence=_(
            "The notice gets the next number of your union, and you sign it. It lists what is to be rectified now."
        ),
        done=_("The notice is issued. It can be downloaded on this page."),
    )


def stopped_words(inspection: Inspection) -> Words:
    return inspection.cancel_reason


def moments(inspection: Inspection) -> dict[Any, object]:
    return {
        InspectionState.PLANNED: inspection.planned_on,
        InspectionState.UNDER_WAY: inspection.held_on,
        InspectionState.FINISHED: inspection.finished_at,
    }


def inspection_actions(
    model: type[Inspection], *, prefix: str, path: str, more: Iterable[Action | Link] = ()
) -> Actions:
    """Return the actions on the inspections of an area; ``more`` are actions that only the area has."""
    return Actions(
        model,
        prefix=prefix,
        path=path,
        row_name="inspection",
        rule=rules.can_edit_inspection,
        line=LINE,
        moments=moments,
        stopped=stopped_words,
        words={
            "create": _("Inspection planned"),
            "update": _("Team changed"),
            "notice": _("Rectification notice issued"),
        },
        actions=[
            Action(
                name="start",
                service=inspections.inspection_start,
                target=InspectionState.UNDER_WAY,
                rule=rules.can_inspect,
                label=_("Start the inspection"),
                icon="player-play",
                consequence=_("The inspection is held today. From now on the inspectors can enter scores."),
                done=_("The inspection is under way."),
            ),
            # The page is at the first group with an item that has no answer yet.
            Link(name="score", label=_("Enter scores"), icon="list-check", rule=rules.can_score),
            Action(
                name="finish",
                service=inspections.inspection_finish,
                target=InspectionState.FINISHED,
                rule=rules.can_finish,
                form=FinishForm,
                hindered=missing_words,
                label=_("Finish the inspection"),
                icon="check",
                consequence=_(
                    "The result is computed now and no longer changes. The unit is notified and can read the result, "
                    "the findings and their due dates."
                ),
                done=_("The inspection is finished."),
            ),
            Action(
                name="finding",
                service=findings.finding_add,
                rule=rules.can_inspect,
                when=may_record_finding,
                form=FindingForm,
                aside=True,
                label=_("Record a finding"),
                icon="plus",
                consequence=_(
                    "The unit must rectify it by a due date, which is counted from the day on which the inspection is "
                    "finished."
                ),
                done=_("The finding is recorded."),
            ),
            Action(
                name="close",
                service=inspections.inspection_close,
                target=InspectionState.CLOSED,
                hindered=open_words,
                label=_("Close the inspection"),
                icon="archive",
                consequence=_("No further findings can be recorded."),
                done=_("The inspection is closed."),
            ),
            Action(
                name="team",
                service=inspections.inspection_staff,
                when=lambda actor, row: row.state == InspectionState.PLANNED,
                form=TeamForm,
                aside=True,
                label=_("Change the team"),
                icon="users",
                consequence=_("New inspectors are notified."),
                done=_("The team is changed."),
            ),
            Action(
                name="cancel",
                service=inspections.inspection_cancel,
                target=InspectionState.CANCELLED,
                form=ReasonForm,
                label=_("Cancel the inspection"),
                icon="x",
                consequence=_("Its findings are withdrawn. The inspectors are notified."),
                danger=True,
                done=_("The inspection is cancelled."),
            ),
            *([_notice_action()] if model.notice_code else []),
            *more,
        ],
    )
