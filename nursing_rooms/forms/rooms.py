"""Forms of nursing rooms."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import Facility
from nursing_rooms.models import NursingRoom
from portal.core.bounds import PLANNED
from portal.core.choices import Area
from portal.core.form_fields import DayFormField
from portal.core.text import clean_line
from portal.locations.forms import PlaceForm, place_initial
from portal.members.forms.picking import PersonByPhoneMixin
from portal.organizations.forms import KeptForm
from portal.organizations.models import Region
from portal.web.forms import PortalForm


class RoomForm(PlaceForm, KeptForm):
    """A nursing room with its position, opening hours and facilities."""

    area = Area.NURSING_ROOMS
    facilities = forms.MultipleChoiceField(
        label=_("Facilities"), choices=Facility.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = NursingRoom
        fields = (
            "organization",
            "name",
            "number",
            "room_type",
            "is_public",
            "host",
            "region",
            "address",
            "floor",
            "landmark",
            "phone",
            "area_m2",
            "hours",
            "facilities",
        )
        help_texts = {
            "phone": _("The phone number of the place, not of a person."),
            "landmark": _("For example: beside the lift at the east gate. A public room needs it."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= place_initial(self.instance)
        self.fields["region"].queryset = Region.objects.filter(statistical=False, level__gte=2)

    def clean(self):
        data = super().clean()
        for name in ("longitude", "latitude", "datum"):
            data.pop(name, None)
        for name in ("name", "number", "host", "address", "floor", "landmark", "phone"):
            if name in data:
                data[name] = clean_line(data[name])
        return data


class RoomUpdateForm(RoomForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(RoomForm.Meta):
        fields = (*RoomForm.Meta.fields[1:], "renewed_on")


class RoomCloseForm(PortalForm):
    closed_until = DayFormField(span=PLANNED, label=_("Last day on which it is closed"))
    reason = forms.CharField(label=_("Reason, as visitors read it"), max_length=100)

    def clean_closed_until(self):
        day = self.cleaned_data["closed_until"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("The last day lies in the past."), code="past")
        return day


class RoomManagerForm(PersonByPhoneMixin, PortalForm):
    """Finds the person who looks after a room by mobile number."""

    area = Area.NURSING_ROOMS
    gives = ("member",)
