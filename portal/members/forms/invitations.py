"""Forms of invitations to an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.members.choices import InvitationPurpose
from portal.members.forms.fields import NameField, PhoneField
from portal.members.forms.passwords import NewPasswordForm
from portal.web.forms import PortalForm


class InvitationCodeForm(PortalForm):
    phone = PhoneField()
    code = forms.CharField(
        label=_("Invitation code from the text message"),
        help_text=_("Six letters and digits."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class InvitationForm(NewPasswordForm):
    """A form for what an invited member chooses; ``about`` is the invitation."""

    takes_object = True
    autocomplete = {**NewPasswordForm.autocomplete, "login_name": "username"}

    login_name = forms.RegexField(
        regex=r"^[\w.@-]+$",
        label=_("Login name"),
        help_text=_("2 to 40 letters, digits or . _ - @; you sign in with it from now on."),
        min_length=2,
        max_length=40,
        error_messages={"invalid": _("Letters, digits and . _ - @ only, without blanks.")},
    )
    name = NameField()

    field_order = ("name", "login_name", "password", "again")

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        if about.purpose == InvitationPurpose.PASSWORD:
            del self.fields["login_name"]
