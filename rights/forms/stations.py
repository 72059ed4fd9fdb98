"""Forms of rights stations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.form_fields import ClockFormField
from portal.core.text import clean_prose
from portal.members.forms.picking import PersonByPhoneMixin
from portal.organizations.forms import KeptForm
from portal.organizations.models import Region
from portal.web.forms import PortalForm
from rights.choices.stations import Weekday
from rights.models import RightsStation


class StationForm(KeptForm):
    area = Area.RIGHTS

    class Meta:
        model = RightsStation
        fields = ("organization", "name", "host_kind", "host", "region", "address", "desk_phone", "hours", "notes")
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "hours": _("For example: working days 9:00 to 11:30 and 13:30 to 17:00."),
            "desk_phone": _("The phone number of the office, not of a person."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.filter(statistical=False, level__gte=2)

    def clean_name(self):
        return clean_prose(self.cleaned_data["name"])

    def clean_host(self):
        return clean_prose(self.cleaned_data["host"])


class StationUpdateForm(StationForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(StationForm.Meta):
        fields = StationForm.Meta.fields[1:]


class ShiftForm(PersonByPhoneMixin, PortalForm):
    area = Area.RIGHTS
    gives = ("member", "weekday", "starts", "ends")

    weekday = forms.TypedChoiceField(label=_("Day of the week"), choices=Weekday.choices, coerce=int)
    starts = ClockFormField(label=_("Begins at"))
    ends = ClockFormField(label=_("Ends at"))
    field_order = ("phone", "weekday", "starts", "ends")

    def clean(self):
        data = super().clean()
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", _("The end must be later than the start."))
        return data
