"""Actions on cases and on their steps."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions
from portal.exchange.uploads import SealedUploadMixin
from portal.web.forms import ReasonForm
from portal.web.views import RowFormView
from rights import rules
from rights.choices.cases import CASE_LINE, CaseState
from rights.forms.cases import (
    CaseAssignForm,
    CaseDeclineForm,
    CaseFileForm,
    CaseProposeForm,
    CaseReadmitForm,
    CaseTransferForm,
    CaseWriteForm,
)
from rights.forms.steps import StepForm
from rights.models import RightsCase
from rights.services import applicants, cases, closing, steps
from rights.services.files import file_add


class UploadView(SealedUploadMixin, RowFormView):
    """A form about one row with a file that never lies on the disk in clear."""


def _leads_to_list(case, result):
    return reverse("rights:case-list")


CASE = Actions(
    RightsCase,
    prefix="case",
    path="cases/",
    row_name="case",
    rule=rules.can_handle_case,
    line=CASE_LINE,
    words={
        "submit": _("Request submitted"),
        "opened": _("Opened"),
        "staff": _("Assigned"),
        "transfer": _("Handed to another union"),
        "step": _("Step added"),
        "step_done": _("Step finished"),
        "step_out": _("Stepped out"),
        "readmit": _("Stepping out lifted"),
        "emptied": _("Texts deleted after their time"),
        "reopen": _("Reopened"),
        "answer": _("The applicant answered"),
        "file": _("File added"),
        "file_read": _("File opened"),
    },
    actions=[
        Action(
            name="accept",
            service=cases.case_accept,
            target=CaseState.HANDLING,
            rule=rules.can_decide_request,
            label=_("Accept the case"),
            icon="circle-check",
            consequence=_(
                "The case gets its number from the series of your union, and you handle it. "
                "The applicant sees that it is accepted."
            ),
            done=_("The case is accepted. You handle it."),
        ),
        Action(
            name="step",
            service=steps.step_add,
            view=RowFormView,
            form=StepForm,
            label=_("Add a step"),
            icon="calendar-plus",
            done=_("The step is added."),
            options={"submit_label": _("Add the step")},
        ),
        Action(
            name="approve",
            service=closing.case_close,
            target=CaseState.CLOSED,
            rule=rules.can_approve_closing,
            label=_("Approve the closure"),
            icon="circle-check",
            consequence=_(
                "The case is closed and counted. The applicant reads the result and can say whether it is solved, or "
                "reopen the case."
            ),
            done=_("The case is closed."),
        ),
        Action(
            name="write",
            service=applicants.case_write,
            rule=rules.can_write_to_applicant,
            view=RowFormView,
            form=CaseWriteForm,
            label=_("Write to the applicant"),
            icon="message-circle",
            done=_("The message is there for the applicant to read."),
            options={"submit_label": _("Send")},
            aside=True,
        ),
        Action(
            name="attach",
            service=file_add,
            rule=rules.can_write_to_applicant,
            view=UploadView,
            form=CaseFileForm,
            label=_("Add a file"),
            icon="file-text",
            done=_("The file is added. It is stored encrypted."),
            options={"submit_label": _("Add the file")},
            aside=True,
        ),
        Action(
            name="propose",
            service=closing.case_propose,
            target=CaseState.CLOSING,
            view=RowFormView,
            form=CaseProposeForm,
            label=_("Propose to close"),
            icon="checklist",
            done=_("The closure is proposed. Another person approves it."),
            options={"submit_label": _("Propose to close")},
            aside=True,
        ),
        Action(
            name="assign",
            service=cases.case_assign,
            rule=rules.can_assign_case,
            form=CaseAssignForm,
            label=_("Assign a handler"),
            icon="user-share",
            button=_("Assign"),
            consequence=_("The person is told, and can read the whole case."),
            done=_("The case is assigned."),
            aside=True,
        ),
        Action(
            name="readmit",
            service=cases.case_readmit,
            rule=rules.can_readmit,
            when=lambda actor, case: case.assignments.filter(stepped_out=True).exists(),
            form=CaseReadmitForm,
            label=_("Lift that somebody stepped out"),
            icon="user-check",
            button=_("Lift it"),
            consequence=_("The person can be given this case again. Only if you then assign it can they open it."),
            done=_("The person can be assigned again."),
            aside=True,
        ),
        Action(
            name="transfer",
            service=cases.case_transfer,
            rule=rules.can_move_case,
            form=CaseTransferForm,
            label=_("Hand over to another union"),
            icon="arrow-forward-up",
            button=_("Hand over"),
            consequence=_("The other union must accept the case anew. You and your colleagues lose access to it."),
            done=_("The case is handed over."),
            lands=_leads_to_list,
            aside=True,
        ),
        Action(
            name="return",
            service=closing.case_return,
            rule=rules.can_approve_closing,
            form=ReasonForm,
            label=_("Send back"),
            icon="arrow-back-up",
            title=_("Send the closure back"),
            consequence=_("The handler reads your reason and goes on with the case."),
            done=_("The closure is sent back."),
            aside=True,
        ),
        Action(
            name="reopen",
            service=closing.case_reopen,
            target=CaseState.HANDLING,
            rule=rules.can_reopen_case,
            form=ReasonForm,
            label=_("Reopen"),
            icon="reload",
            title=_("Reopen the case"),
            button=_("Reopen the case"),
            consequence=_("The closing no longer counts. The applicant sees that the case is open again."),
            done=_("The case is open again."),
            aside=True,
        ),
        Action(
            name="decline",
            service=cases.case_decline,
            target=CaseState.NOT_ACCEPTED,
            rule=rules.can_decline_request,
            view=RowFormView,
            form=CaseDeclineForm,
            label=_("Decline"),
            icon="x",
            title=_("Decline the request"),
            danger=True,
            done=_("The request is declined. The applicant reads the reason and may ask the level above."),
            options={"submit_label": _("Decline the request")},
        ),
        Action(
            name="leave",
            service=cases.case_step_out,
            rule=rules.can_leave_case,
            form=ReasonForm,
            label=_("Step out"),
            icon="logout",
            title=_("Step out of the case"),
            consequence=_(
                "Your access ends at once. Only the supervisors read your reason. You cannot be given this case again "
                "unless a supervisor lifts this."
            ),
            danger=True,
            done=_("You have stepped out of the case."),
            lands=_leads_to_list,
        ),
    ],
)
