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
            label=_("Open for applications"),
            icon="door-enter",
            consequence=_("Members below your organisation see the wedding, and couples can apply until the deadline."),
            done=_("The wedding is open for applications."),
        ),
        Action(
            name="close",
            service=wedding_close,
            target=WeddingState.CLOSED,
            label=_("Close applications now"),
            icon="lock",
            title=_("Close applications"),
            consequence=_("No more applications are accepted. Applications that the partner has not confirmed expire."),
            done=_("Applications are closed."),
            options={"danger": True},
        ),
        Action(
            name="hold",
            service=wedding_hold,
            target=WeddingState.HELD,
            label=_("Mark as held"),
            icon="circle-check",
            title=_("Mark the wedding as held"),
            consequence=_("Couples with a place are counted for this wedding. Everyone is thanked."),
            done=_("The wedding is recorded as held."),
        ),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_wedding),
        Action(
            name="cancel",
            service=wedding_cancel,
            target=WeddingState.CANCELLED,
            form=ReasonForm,
            label=_("Cancel the wedding"),
            icon="x",
            consequence=_("Every couple is notified of the reason. This cannot be undone."),
            danger=True,
            done=_("The wedding is cancelled. Every couple has been notified."),
        ),
    ],
)
