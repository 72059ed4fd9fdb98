"""Actions on nursing rooms and on those who look after them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nursing_rooms import rules
from nursing_rooms.choices.rooms import ROOM_LINE, STANDING, RoomState
from nursing_rooms.forms.inspections import RoomPlanForm
from nursing_rooms.forms.rooms import RoomCloseForm, RoomManagerForm
from nursing_rooms.models import NursingRoom, RoomManager
from nursing_rooms.selectors.plates import plate_of
from nursing_rooms.services import plates
from nursing_rooms.services import rooms as services
from nursing_rooms.services.inspections import room_inspection_plan
from portal.audit.actions import Action, Actions, Link
from portal.inspections.actions.inspections import plan_action
from portal.web.forms import ReasonForm

# The managers of a room have no desk.
ANY_SHELL = {"shell": None}


def _has_plate(actor, room):
    return plate_of(room) is not None


def _needs_plate(actor, room):
    return room.state in STANDING and plate_of(room) is None


def _to_print(room, _plate):
    return reverse("nursing_rooms:room-print", args=[room.pk])


ROOM = Actions(
    NursingRoom,
    prefix="room",
    path="rooms/",
    row_name="room",
    rule=rules.can_edit_room,
    line=ROOM_LINE,
    words={"create": _("Applied for"), "clean": _("Cleaned")},
    actions=[
        Action(
            name="check",
            service=services.room_check,
            target=RoomState.CHECKED,
            rule=rules.can_check_room,
            label=_("Checked on site"),
            icon="checklist",
            title=_("The county has checked the room"),
            consequence=_("The city can accept the room now. It must have the facilities that its type requires."),
            done=_("The check is recorded."),
        ),
        Action(
            name="accept",
            service=services.room_open,
            target=RoomState.OPEN,
            rule=rules.can_accept_room,
            label=_("Accept and open"),
            icon="circle-check",
            title=_("Accept the room"),
            consequence=_("The room is open. If it is public, everybody can find it."),
            done=_("The room is open."),
        ),
        Action(
            name="plate",
            service=plates.plate_issue,
            rule=rules.can_change_room,
            when=_needs_plate,
            label=_("Issue the plate"),
            icon="certificate",
            consequence=_("The plate has a number and a QR code that leads to the page at the door."),
            done=_("The plate is issued. Print it and put it up at the door."),
            lands=_to_print,
        ),
        Action(
            name="clean",
            service=services.room_clean,
            rule=rules.can_run_room,
            when=lambda actor, room: room.state == RoomState.OPEN,
            label=_("Cleaned now"),
            icon="sparkles",
            consequence=_("Visitors see that the room was cleaned today."),
            done=_("The cleaning is recorded."),
            options=ANY_SHELL,
        ),
        Action(
            name="reopen",
            service=services.room_open,
            target=RoomState.OPEN,
            rule=rules.can_run_room,
            when=lambda actor, room: room.state == RoomState.CLOSED,
            label=_("Reopen"),
            icon="door-enter",
            title=_("Reopen the room"),
            consequence=_("Visitors can find and use the room again."),
            done=_("The room is open again."),
            options=ANY_SHELL,
        ),
        Action(
            name="manager",
            service=services.manager_add,
            rule=rules.can_change_room,
            form=RoomManagerForm,
            label=_("Add a manager"),
            icon="user-plus",
            consequence=_("The person is told, gets the reports from the door, and records the cleaning."),
            done=_("The manager is added."),
            aside=True,
        ),
        plan_action(room_inspection_plan, RoomPlanForm, rule=rules.can_change_room),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_room, aside=True),
        Link(
            name="print",
            label=_("Print the plate"),
            icon="printer",
            rule=rules.can_run_room,
            when=_has_plate,
            aside=True,
        ),
        Action(
            name="close",
            service=services.room_close,
            target=RoomState.CLOSED,
            rule=rules.can_run_room,
            aside=True,
            form=RoomCloseForm,
            label=_("Close temporarily"),
            icon="player-pause",
            title=_("Close the room temporarily"),
            consequence=_("Visitors read the reason and the last day. The room does not open again by itself."),
            done=_("The room is temporarily closed."),
            options=ANY_SHELL,
        ),
        Action(
            name="replace",
            service=plates.plate_replace,
            rule=rules.can_change_room,
            when=_has_plate,
            form=ReasonForm,
            label=_("Replace the plate"),
            icon="replace",
            consequence=_("The code of the present plate stops working at once. Print the new plate and put it up."),
            done=_("The new plate is issued. Print it and put it up at the door."),
            lands=_to_print,
            aside=True,
        ),
        Action(
            name="retire",
            service=services.room_retire,
            target=RoomState.RETIRED,
            rule=rules.can_change_room,
            form=ReasonForm,
            label=_("Withdraw"),
            icon="x",
            title=_("Withdraw the room"),
            consequence=_(
                "From today on no list, map or figure has the room. Its plate stops working, open reports end, and "
                "nobody looks after it any more. This cannot be undone."
            ),
            danger=True,
            done=_("The room is withdrawn."),
        ),
    ],
)

MANAGER = Actions(
    RoomManager,
    prefix="manager",
    path="managers/",
    row_name="manager",
    rule=rules.can_edit_manager,
    actions=[
        Action(
            name="remove",
            service=services.manager_remove,
            label=_("Remove"),
            icon="x",
            title=_("Remove the manager"),
            consequence=_("The person no longer looks after this room."),
            danger=True,
            done=_("The manager is removed."),
        ),
    ],
)
