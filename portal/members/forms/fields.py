"""Form fields for phone numbers and names, tolerant of the ways in which people type them."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.members.identity import read_phone
from portal.web.forms import PhoneInput


class PhoneField(forms.CharField):
    """A field for a mobile number as people type it; its value is eleven digits."""

    widget = PhoneInput

    def __init__(self, **kwargs):
        super().__init__(max_length=24, label=kwargs.pop("label", _("Mobile number")), **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return ""
        try:
            return read_phone(value, demo=settings.ALLOW_DEMO_PEOPLE)
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from None


class NameField(forms.CharField):
    """A field for the person's own name, which guards against a number that is somebody else's.

    The name proves nothing.
    """

    def __init__(self, **kwargs):
        super().__init__(
            **{
                "label": _("Your full name"),
                "help_text": _("As on your union's roster."),
                "max_length": 60,
                "widget": forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
                **kwargs,
            }
        )
