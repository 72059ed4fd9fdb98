"""Forms for signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.members.forms.fields import NameField, PhoneField
from portal.web.forms import CodeInput, PortalForm


class SignInForm(PortalForm):
    phone = PhoneField()


class CodeForm(PortalForm):
    code = forms.CharField(label=_("Six-digit code"), max_length=8, widget=CodeInput)


class ActivateForm(PortalForm):
    name = NameField()


class StaffSignInForm(PortalForm):
    autocomplete = {"login_name": "username", "password": "current-password"}

    login_name = forms.CharField(label=_("Login name"), max_length=255)
    password = forms.CharField(label=_("Password"), max_length=1024, strip=False, widget=forms.PasswordInput)


class FactorForm(PortalForm):
    code = forms.CharField(
        label=_("Six digits from your authenticator"),
        help_text=_("Or one of your recovery codes."),
        max_length=20,
        widget=CodeInput(length=14),
    )


class FreshForm(PortalForm):
    """A form without fields that requests a code."""
