"""What can be done with a group wedding, and with a couple that has applied."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.after import WeddingState
from matchmaking.models import GroupWedding, WeddingCouple
from matchmaking.services.couples import couple_accept, couple_decline, couple_waitlist
from matchmaking.services.weddings import wedding_cancel, wedding_close, wedding_hold, wedding_open
from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm

WEDDING = Actions(
    GroupWedding,
    prefix="wedding",
    path="weddings/",
    row_name="wedding",
    rule=rules.can_edit_wedding,
    line=(WeddingState.DRAFT, WeddingState.OPEN, WeddingState.CLOSED, WeddingState.HELD),
    moments=lambda wedding: {WeddingState.CLOSED: wedding.closes_at, WeddingState.HELD: wedding.on},
    actions=[
        Action(
            name="open",
            service=wedding_open,
            target=WeddingState.OPEN,
            label=_("Open for couples"),
            icon="door-enter",
            consequence=_("Members below your organisation see it and couples apply until the closing time."),
            done=_("The wedding is open for couples."),
        ),
        Action(
            name="close",
            service=wedding_close,
            target=WeddingState.CLOSED,
            label=_("Close the list now"),
            icon="lock",
            title=_("Close the list"),
            consequence=_("Nobody can apply any more; applications that the other one has not confirmed are let go."),
            done=_("The list is closed."),
            options={"danger": True},
        ),
        Action(
            name="hold",
            service=wedding_hold,
            target=WeddingState.HELD,
            label=_("It was held"),
            icon="circle-check",
            title=_("The wedding was held"),
            consequence=_("The couples with a place count as wed here. Everyone is thanked."),
            done=_("Recorded: the wedding was held."),
        ),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_wedding),
        Action(
            name="cancel",
            service=wedding_cancel,
            target=WeddingState.CANCELLED,
            form=ReasonForm,
            label=_("Cancel the wedding"),
            icon="x",
            consequence=_("Every couple is told the reason. It cannot be undone."),
            danger=True,
            done=_("The wedding is cancelled, and every couple was told."),
        ),
    ],
)

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
            label=_("Give them a place"),
            icon="check",
            consequence=_("Both are told that they take part."),
            done=_("The couple has a place."),
        ),
        Action(
            name="waitlist",
            service=couple_waitlist,
            rule=rules.can_waitlist_couple,
            label=_("Put on the waiting list"),
            icon="hourglass",
            consequence=_("When another couple withdraws, the first in line gets its place by itself. Both are told."),
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
            consequence=_("Both read the reason on their page."),
            danger=True,
            done=_("The couple is declined."),
        ),
    ],
)
