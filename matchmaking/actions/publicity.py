"""What can be done with a person who is proposed to a medium."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.publicity import NominationState
from matchmaking.models import Nomination
from matchmaking.services.publicity import nomination_pass_on, nomination_release
from portal.audit.actions import Action, Actions

NOMINATION = Actions(
    Nomination,
    prefix="nomination",
    path="nominations/",
    row_name="nomination",
    rule=rules.can_edit_nomination,
    line=(NominationState.ASKED, NominationState.CONSENTED, NominationState.NOMINATED, NominationState.RELEASED),
    actions=[
        Action(
            name="pass-on",
            service=nomination_pass_on,
            target=NominationState.NOMINATED,
            label=_("Passed on to the medium"),
            icon="send",
            button=_("I have passed it on"),
            consequence=_("Only what the person agreed to may be passed on, to this medium alone."),
            done=_("Recorded."),
        ),
        Action(
            name="release",
            service=nomination_release,
            target=NominationState.RELEASED,
            label=_("It was published"),
            icon="speakerphone",
            consequence=_("Record the publication itself in the list of publications too, without the person's name."),
            done=_("Recorded."),
        ),
    ],
)
