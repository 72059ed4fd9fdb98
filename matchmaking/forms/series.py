"""Forms of series and themes of events."""

from django import forms

from matchmaking.models import EventSeries, EventTheme
from portal.core.choices import Area
from portal.core.text import clean_prose
from portal.organizations.forms import KeptForm
from portal.web.forms import PortalModelForm


class OwnedForm(KeptForm):
    """Form for reference rows that an organisation keeps for planning events."""

    area = Area.MATCHMAKING

    def clean_name(self):
        return clean_prose(self.cleaned_data["name"])


class SeriesForm(OwnedForm):
    class Meta:
        model = EventSeries
        fields = ("organization", "name", "summary", "active")
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}


class SeriesUpdateForm(OwnedForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(SeriesForm.Meta):
        fields = ("name", "summary", "active")


class ThemeForm(PortalModelForm):
    class Meta:
        model = EventTheme
        fields = ("name", "summary", "mode", "order", "active")
        widgets = {"summary": forms.Textarea(attrs={"rows": 4}), "mode": forms.RadioSelect}
