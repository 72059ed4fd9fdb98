"""Forms for vouching for a person who is on no roster."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.form_fields import DayFormField
from portal.core.text import clean_line
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.web.forms import DateInput, PortalForm


class VouchingAskForm(PortalForm):
    """A form by which a person asks a unit to vouch for them."""

    autocomplete = {"name": "name", "identity_number": "off"}

    organization = forms.ModelChoiceField(
        queryset=Organization.objects.filter(kind=OrganizationKind.GRASSROOTS, closed_on=None),
        widget=forms.HiddenInput,
    )
    name = forms.CharField(label=_("Full name"), max_length=60, min_length=2)
    identity_number = forms.CharField(label=_("Identity number"), max_length=30)

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])


class VouchingGrantForm(PortalForm):
    about_others = True

    until = DayFormField(
        span=VALIDITY,
        label=_("Valid until (not included)"),
        help_text=_("Three years at most; you can renew it."),
        widget=DateInput,
    )
