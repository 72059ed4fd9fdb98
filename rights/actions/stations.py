"""Actions on rights stations and on hours of duty."""

from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm
from rights import rules
from rights.choices.stations import StationState
from rights.forms import stations as forms
from rights.models import RightsStation, StationShift
from rights.services import stations as services

STATION = Actions(
    RightsStation,
    prefix="station",
    path="stations/",
    row_name="station",
    rule=rules.can_edit_station,
    words={"create": _("Station opened")},
    actions=[
        Action(
            name="reopen",
            service=services.station_reopen,
            target=StationState.OPEN,
            label=_("Reopen"),
            icon="door-enter",
            title=_("Reopen the station"),
            consequence=_("Members can find the station in the list again."),
            done=_("The station is open again."),
        ),
        Action(
            name="shift",
            service=services.shift_add,
            rule=rules.can_change_station,
            form=forms.ShiftForm,
            label=_("Add hours of duty"),
            icon="calendar-plus",
            consequence=_("The person is found by mobile number on the rosters in your scope, and is notified."),
            done=_("The hours of duty are added."),
        ),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_station),
        Action(
            name="pause",
            service=services.station_pause,
            target=StationState.PAUSED,
            aside=True,
            form=ReasonForm,
            label=_("Close temporarily"),
            icon="player-pause",
            title=_("Close the station temporarily"),
            consequence=_("Members cannot find the station until it is reopened. Its hours of duty are kept."),
            done=_("The station is temporarily closed."),
        ),
        Action(
            name="end",
            service=services.station_end,
            target=StationState.ENDED,
            form=ReasonForm,
            label=_("Close permanently"),
            icon="x",
            title=_("Close the station permanently"),
            consequence=_(
                "Members can no longer find the station, and its hours of duty are deleted. This cannot be undone."
            ),
            danger=True,
            done=_("The station is permanently closed."),
        ),
    ],
)

SHIFT = Actions(
    StationShift,
    prefix="shift",
    path="shifts/",
    row_name="shift",
    rule=rules.can_edit_shift,
    actions=[
        Action(
            name="remove",
            service=services.shift_remove,
            label=_("Remove"),
            icon="x",
            title=_("Remove the hours of duty"),
            consequence=_("The person is no longer on duty at these hours."),
            danger=True,
            done=_("The hours of duty are removed."),
        ),
    ],
)
