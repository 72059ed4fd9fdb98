"""Actions on nurseries."""

from django.utils.translation import gettext_lazy as _

from childcare import rules
from childcare.forms.nurseries import NurseryPlacesForm
from childcare.models import Nursery
from childcare.services import nurseries as services
from portal.audit.actions import Action, Actions, Link
from portal.web.forms import ReasonForm

NURSERY = Actions(
    Nursery,
    prefix="nursery",
    path="nurseries/",
    row_name="nursery",
    rule=rules.can_edit_nursery,
    actions=[
        Action(
            name="places",
            service=services.nursery_places_set,
            form=NurseryPlacesForm,
            label=_("Enter places of an age band"),
            icon="users-group",
            consequence=_("The numbers replace those entered for this age band before."),
            done=_("The places are entered."),
            when=rules.can_edit_nursery,
        ),
        Link(name="update", label=_("Edit"), icon="edit", rule=rules.can_edit_nursery),
        Action(
            name="close",
            service=services.nursery_close,
            form=ReasonForm,
            label=_("Close permanently"),
            icon="x",
            title=_("Close the nursery permanently"),
            consequence=_("From today it counts no more. This cannot be undone."),
            danger=True,
            done=_("The nursery is permanently closed."),
            when=rules.can_edit_nursery,
        ),
    ],
)
