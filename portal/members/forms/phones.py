"""Forms for changing the phone number of an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.members.forms.fields import NameField, PhoneField
from portal.members.forms.people import ReasonForm
from portal.web.forms import CodeInput, PortalForm


class PhoneOwnForm(PortalForm):
    phone = PhoneField(label=_("New mobile number"))


class OtherNumberForm(PortalForm):
    """A form for a person whose account has another number."""

    autocomplete = {"name": "name", "identity_number": "off"}

    name = NameField()
    identity_number = forms.CharField(label=_("Identity number"), help_text=_("18 characters."), max_length=30)
    recovery_code = forms.CharField(
        label=_("Recovery code, if you have one"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class StopForm(PortalForm):
    phone = PhoneField(label=_("The number that received the text message"))
    code = forms.CharField(
        label=_("Verification code in the text message"), max_length=10, widget=CodeInput(attrs={"inputmode": "text"})
    )


class PhoneReplaceForm(ReasonForm):
    phone = PhoneField(label=_("New mobile number"))

    field_order = ("phone", "reason")
