"""Forms of what events are planned from: series, themes, venues, partners, people looked up."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import PartnerKind
from matchmaking.models import EventSeries, EventTheme, Venue
from portal.core.choices import Area
from portal.core.text import clean_line, clean_prose
from portal.organizations.forms import KeptForm
from portal.organizations.models import Organization, Region
from portal.web.forms import PortalForm, PortalModelForm


class OwnedForm(KeptForm):
    """A form over a row of the library that events are planned from."""

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


class VenueForm(OwnedForm):
    class Meta:
        model = Venue
        fields = ("organization", "name", "kind", "region", "address", "capacity", "desk_phone", "notes", "active")
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"desk_phone": _("Of the house, not of a person.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.filter(statistical=False, level__gte=2)
        self.fields["region"].required = True


class VenueUpdateForm(VenueForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(VenueForm.Meta):
        fields = VenueForm.Meta.fields[1:]


class PartnerForm(PortalForm):
    """A partner by its name, or a union of the tree by its name there."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PartnerKind.choices)
    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Of a union as the portal has it: its staff then see the figures.")
    )
    contribution = forms.CharField(label=_("What it contributes"), max_length=120, required=False)

    def clean(self):
        data = super().clean()
        data["organization"] = None
        if data.get("kind") == PartnerKind.UNION and data.get("name"):
            found = Organization.objects.filter(name=clean_line(data["name"]), closed_on=None)[:2]
            if len(found) != 1:
                self.add_error("name", _("There is no union of this name. Copy it from the list of organisations."))
            else:
                data["organization"] = found[0]
        return data


class TermForm(PortalForm):
    """A person looked up by name, mobile or identity number."""

    term = forms.CharField(label=_("Name, mobile or identity number"), max_length=60)


class UnitPickForm(PortalForm):
    """A unit by its name as the portal has it, below the organisation of an event."""

    takes_object = True

    unit = forms.CharField(label=_("Unit's name"), max_length=100, help_text=_("As the portal has it."))

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = about

    def clean_unit(self):
        inside = Organization.objects.filter(path__startswith=self.about.organization.path, closed_on=None)
        found = inside.filter(name=clean_line(self.cleaned_data["unit"]))[:2]
        if len(found) != 1:
            raise forms.ValidationError(_("There is no unit of this name below your organisation."))
        return found[0]
