"""Actions on group weddings."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import GroupWedding
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
