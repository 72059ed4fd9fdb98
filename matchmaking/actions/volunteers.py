"""What can be done with a volunteer matchmaker."""

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
        "%(count)s person is handed back and waits for another matchmaker. She sees nothing of her any more.",
        "%(count)s people are handed back and wait for another matchmaker. She sees nothing of them any more.",
        count,
    ) % {"count": count}


def _not_ready(row):
    return "" if row.pledged_at and row.trained_on else _("Pledge and training come first.")


VOLUNTEER = Actions(
    Volunteer,
    prefix="volunteer",
    path="volunteers/",
    row_name="volunteer",
    rule=rules.can_run_volunteers,
    words={
        "create": _("Taken on"),
        "pledge": _("Pledge signed"),
        "hand_back": _("People handed back"),
    },
    actions=[
        Action(
            name="activate",
            service=volunteer_activate,
            target=VolunteerState.ACTIVE,
            hindered=_not_ready,
            label=_("Let her begin"),
            icon="player-play",
            consequence=_("From now on singles can be shared with her. She sees her own people and nobody else's."),
            done=_("She can begin, and was told."),
        ),
        Action(
            name="train",
            service=volunteer_train,
            when=lambda actor, row: row.state != VolunteerState.ENDED,
            form=VolunteerTrainForm,
            label=_("Write down the training"),
            icon="certificate",
            button=_("Keep the training"),
            consequence=_("The day of her training, and how many people she looks after at most."),
            done=_("The training is written down."),
            history=_("Training written down"),
        ),
        Action(
            name="rest",
            service=volunteer_rest,
            target=VolunteerState.RESTING,
            label=_("Let her rest"),
            icon="player-pause",
            consequence=_handed_back,
            done=_("She rests. Her people wait to be shared."),
        ),
        Action(
            name="end",
            service=volunteer_end,
            target=VolunteerState.ENDED,
            label=_("End her help"),
            icon="x",
            consequence=_handed_back,
            danger=True,
            done=_("She helps no more. Her people wait to be shared."),
        ),
    ],
)
