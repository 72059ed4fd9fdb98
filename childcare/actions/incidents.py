"""Actions of the union on safety incidents."""

from django.utils.translation import gettext_lazy as _

from childcare import rules
from childcare.choices.incidents import IncidentState
from childcare.forms.days import IncidentNoteForm
from childcare.models import Incident
from childcare.services import incidents as services
from portal.audit.actions import Action, Actions
from portal.web.forms import ReasonForm

INCIDENT = Actions(
    Incident,
    prefix="incident",
    path="incidents/",
    row_name="incident",
    rule=rules.can_add_to_incident,
    line=(IncidentState.ALARMED, IncidentState.NOTED, IncidentState.SETTLED),
    actions=[
        Action(
            name="acknowledge",
            service=services.incident_acknowledge,
            target=IncidentState.NOTED,
            rule=rules.can_acknowledge_incident,
            label=_("Acknowledge the report"),
            icon="check",
            consequence=_("You have read the report and answer for what follows. The clock stops."),
            done=_("The report is acknowledged."),
        ),
        Action(
            name="note",
            service=services.incident_note,
            form=IncidentNoteForm,
            label=_("Add to the report"),
            icon="plus",
            aside=True,
            consequence=_("What is written stays. Write no name of a child."),
            done=_("Added."),
        ),
        Action(
            name="settle",
            service=services.incident_settle,
            target=IncidentState.SETTLED,
            rule=rules.can_settle_incident,
            form=ReasonForm,
            label=_("Settle the incident"),
            icon="circle-check",
            consequence=_("Say what was found and done. Nothing can be added afterwards."),
            done=_("The incident is settled."),
        ),
    ],
)
