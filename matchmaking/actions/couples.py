"""Actions on couples who apply for a group wedding."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.models import WeddingCouple
from matchmaking.services.couples import couple_accept, couple_decline, couple_waitlist
from portal.audit.actions import Action, Actions
from portal.web.forms import ReasonForm

COUPLE = Actions(
    WeddingCouple,
    prefix="couple",
    path="couples/",
    row_name="couple",
    rule=rules.can_decide_couple,
    words={"refuse": _("Not confirmed")},
    actions=[
        Action(
            name="accept",
            service=couple_accept,
            label=_("Give the couple a place"),
            icon="check",
            consequence=_("Both are notified that they have a place."),
            done=_("The couple has a place."),
        ),
        Action(
            name="waitlist",
            service=couple_waitlist,
            rule=rules.can_waitlist_couple,
            label=_("Put on the waiting list"),
            icon="hourglass",
            consequence=_(
                "When another couple withdraws, the first couple on the waiting list gets "
                "the place automatically. Both partners are notified."
            ),
            done=_("The couple is on the waiting list."),
        ),
        Action(
            name="decline",
            service=couple_decline,
            form=ReasonForm,
            label=_("Decline with a reason"),
            icon="x",
            title=_("Decline the couple"),
            button=_("Decline with this reason"),
            consequence=_("Both see the reason on their own page."),
            danger=True,
            done=_("The couple is declined."),
        ),
    ],
)
