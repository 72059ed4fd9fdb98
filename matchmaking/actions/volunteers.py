"""Actions on volunteer matchmakers."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from matchmaking import rules
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.forms.volunteers import VolunteerTrainForm
from matchmaking.models import Volunteer
from matchmaking.services.volunteers import volunteer_activate, volunteer_end, volunteer_rest, volunteer_train
from portal.audit.actions import Action, Actions


def _handed_back(row):
    count = row.cases.filter(closed_on=None).count()
    return ngettext(
        "%(count)s single is handed back and waits for another matchmaker. The current matchmaker no "
        "longer sees anything about them.",
        "%(count)s singles are handed back and wait for another matchmaker. The current matchmaker "
        "no longer sees anything about them.",
        count,
    ) % {"count": count}


def _not_ready(row):
    return "" if row.pledged_at and row.trained_on else _("The pledge must be signed and the training completed first.")


VOLUNTEER = Actions(
    Volunteer,
    prefix="volunteer",
    path="volunteers/",
    row_name="volunteer",
    rule=rules.can_run_volunteers,
    words={
        "create": _("Matchmaker registered"),
        "pledge": _("Pledge signed"),
        "hand_back": _("Singles handed back"),
    },
    actions=[
        Action(
            name="activate",
            service=volunteer_activate,
            target=VolunteerState.ACTIVE,
            hindered=_not_ready,
            label=_("Activate the matchmaker"),
            icon="player-play",
            consequence=_(
                "From now on singles can be assigned to this matchmaker. Matchmakers see only their own singles."
            ),
            done=_("The matchmaker is active and has been notified."),
        ),
        Action(
            name="train",
            service=volunteer_train,
            when=lambda actor, row: row.state != VolunteerState.ENDED,
            form=VolunteerTrainForm,
            label=_("Record the training"),
            icon="certificate",
            button=_("Save the training"),
            consequence=_("Enter the day of the training and the maximum number of singles at a time."),
            done=_("The training is recorded."),
            history=_("Training recorded"),
        ),
        Action(
            name="rest",
            service=volunteer_rest,
            target=VolunteerState.RESTING,
            label=_("Pause service"),
            icon="player-pause",
            consequence=_handed_back,
            done=_("The service is paused. The matchmaker's singles wait to be reassigned."),
        ),
        Action(
            name="end",
            service=volunteer_end,
            target=VolunteerState.ENDED,
            label=_("End service"),
            icon="x",
            consequence=_handed_back,
            danger=True,
            done=_("The service has ended. The matchmaker's singles wait to be reassigned."),
        ),
    ],
)
