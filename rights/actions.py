"""What can be done with a rights station and with hours of duty."""

from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm
from rights import forms, rules, services
from rights.choices import StationState
from rights.models import RightsStation, StationShift

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
            label=_("Open again"),
            icon="door-enter",
            title=_("Open the station again"),
            consequence=_("Members find it in the list of stations again."),
            done=_("The station is open again."),
        ),
        Action(
            name="shift",
            service=services.shift_add,
            rule=rules.can_change_station,
            form=forms.ShiftForm,
            label=_("Add hours of duty"),
            icon="calendar-plus",
            consequence=_("The person is found by mobile number among those on your rosters, and is told."),
            done=_("The hours of duty are added."),
        ),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_change_station),
        Action(
            name="pause",
            service=services.station_pause,
            target=StationState.PAUSED,
            aside=True,
            form=ReasonForm,
            label=_("Close for now"),
            icon="player-pause",
            title=_("Close the station for now"),
            consequence=_("Members no longer find it until it is opened again. Hours of duty stay."),
            done=_("The station is closed for now."),
        ),
        Action(
            name="end",
            service=services.station_end,
            target=StationState.ENDED,
            form=ReasonForm,
            label=_("Give up"),
            icon="x",
            title=_("Give the station up"),
            consequence=_("Members no longer find it, and its hours of duty are deleted. It cannot be undone."),
            danger=True,
            done=_("The station is given up."),
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
            label=_("Take off"),
            icon="x",
            title=_("Take the hours of duty off"),
            consequence=_("The person is no longer on duty at these hours."),
            danger=True,
            done=_("The hours of duty are taken off."),
        ),
    ],
)
