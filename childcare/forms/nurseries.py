"""Forms of nurseries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childcare.choices.nurseries import AgeBand
from childcare.models import Nursery
from portal.core.choices import Area
from portal.core.text import clean_line
from portal.locations.forms import PlaceForm, place_initial
from portal.organizations.forms import KeptForm
from portal.organizations.models import Region
from portal.web.forms import PortalForm

MOST = 2000


class NurseryForm(PlaceForm, KeptForm):
    """A nursery with its position."""

    area = Area.CHILDCARE

    class Meta:
        model = Nursery
        fields = (
            "organization",
            "name",
            "mode",
            "employer",
            "region",
            "address",
            "phone",
            "filing_number",
            "opened_on",
            "fee",
            "awards",
        )
        help_texts = {"phone": _("The phone number of the place, not of a person.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= place_initial(self.instance)
        self.fields["region"].queryset = Region.objects.filter(statistical=False, level__gte=2)

    def clean(self):
        data = super().clean()
        for name in ("longitude", "latitude", "datum"):
            data.pop(name, None)
        for name in ("name", "employer", "address", "phone", "filing_number", "awards"):
            if name in data:
                data[name] = clean_line(data[name])
        return data


class NurseryUpdateForm(NurseryForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(NurseryForm.Meta):
        fields = NurseryForm.Meta.fields[1:]


class NurseryPlacesForm(PortalForm):
    """The places of one age band as they are now."""

    band = forms.ChoiceField(label=_("Age band"), choices=AgeBand.choices)
    groups = forms.IntegerField(label=_("Groups"), min_value=1, max_value=MOST)
    places = forms.IntegerField(label=_("Places"), min_value=0, max_value=MOST)
    enrolled = forms.IntegerField(label=_("Children enrolled"), min_value=0, max_value=MOST)
    carers = forms.IntegerField(label=_("Carers"), min_value=0, max_value=MOST)
