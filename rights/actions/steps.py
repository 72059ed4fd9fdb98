"""Actions on the steps of a case."""

from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions
from rights import rules
from rights.forms.steps import StepDoneForm
from rights.models import CaseStep
from rights.services.steps import step_done

STEP = Actions(
    CaseStep,
    prefix="step",
    path="steps/",
    row_name="step",
    rule=rules.can_finish_step,
    actions=[
        Action(
            name="finish",
            service=step_done,
            form=StepDoneForm,
            label=_("It came"),
            icon="check",
            title=_("What this step waited for has come"),
            button=_("Save"),
            consequence=_("The legal deadline of this step ends."),
            done=_("Saved."),
        ),
    ],
)
