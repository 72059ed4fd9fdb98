"""Forms of care sites, their safety papers and staff."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childcare.choices.sites import PaperKind, StaffRole
from childcare.models import CareSite
from portal.core.bounds import VALIDITY
from portal.core.choices import Area
from portal.core.form_fields import DayFormField
from portal.core.text import clean_line
from portal.locations.forms import PlaceForm, place_initial
from portal.members.forms.picking import PersonByPhoneMixin
from portal.organizations.forms import KeptForm
from portal.organizations.models import Region
from portal.web.forms import PortalForm


class SiteForm(PlaceForm, KeptForm):
    """A care site with its position."""

    area = Area.CHILDCARE

    class Meta:
        model = CareSite
        fields = ("organization", "name", "run_mode", "operator", "region", "address", "phone")
        help_texts = {
            "operator": _("The full name of the body that runs the class and answers for its safety."),
            "phone": _("The phone number of the place, not of a person."),
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
        for name in ("name", "operator", "address", "phone"):
            if name in data:
                data[name] = clean_line(data[name])
        return data


class SiteUpdateForm(SiteForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(SiteForm.Meta):
        fields = SiteForm.Meta.fields[1:]


class PaperForm(PortalForm):
    """A safety paper with its number and dates."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PaperKind.choices)
    number = forms.CharField(label=_("Number"), max_length=60)
    issuer = forms.CharField(label=_("Issued by"), max_length=60)
    valid_from = DayFormField(span=VALIDITY, label=_("Valid from"))
    valid_until = DayFormField(span=VALIDITY, label=_("Valid until (included)"))

    def clean_number(self):
        return clean_line(self.cleaned_data["number"])

    def clean_issuer(self):
        return clean_line(self.cleaned_data["issuer"])


class CheckForm(PortalForm):
    """The background check of somebody who works at a site: only that it found nothing, and its dates."""

    checked_on = DayFormField(
        span=VALIDITY,
        label=_("Background check of"),
        help_text=_("Only enter people of whom the check found nothing. What a check found is never stored here."),
    )
    checker = forms.CharField(label=_("Checked by"), max_length=60)
    check_until = DayFormField(span=VALIDITY, label=_("Check valid until (included)"))


class StaffForm(PersonByPhoneMixin, CheckForm):
    """Finds a member who works at a site by mobile number, with the background check."""

    area = Area.CHILDCARE
    gives = ("member", "role", "checked_on", "checker", "check_until")

    role = forms.ChoiceField(label=_("Works as"), choices=StaffRole.choices)
    field_order = ("phone", "role", "checked_on", "checker", "check_until")
