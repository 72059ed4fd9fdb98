"""Actions on nominations of a person to a medium."""

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
            label=_("Sent to the media outlet"),
            icon="send",
            button=_("Mark as sent"),
            consequence=_("Only what the person agreed to may be sent, and only to this media outlet."),
            done=_("Recorded."),
        ),
        Action(
            name="release",
            service=nomination_release,
            target=NominationState.RELEASED,
            label=_("Mark as published"),
            icon="speakerphone",
            consequence=_("Also record the publication in the list of publications, without the person's name."),
            done=_("Recorded."),
        ),
    ],
)
