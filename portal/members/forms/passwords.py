"""Forms for the passwords of staff."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


def _new_password(**kwargs):
    return forms.CharField(max_length=1024, strip=False, widget=forms.PasswordInput, **kwargs)


class NewPasswordForm(PortalForm):
    """A form for a new password, typed twice; the service validates it by the rules."""

    autocomplete = {"password": "new-password", "again": "new-password"}

    password = _new_password(
        label=_("New password"),
        help_text=_(
            "At least 12 characters of at least three kinds: lower-case letters, upper-case letters, "
            "digits, other characters."
        ),
    )
    again = _new_password(label=_("New password again"))

    def clean(self):
        data = super().clean()
        again = data.pop("again", None)
        if data.get("password") and again is not None and data["password"] != again:
            self.add_error("again", _("The two entries are not the same."))
        return data


class PasswordChangeForm(NewPasswordForm):
    autocomplete = {**NewPasswordForm.autocomplete, "current": "current-password"}

    current = _new_password(label=_("Current password"))

    field_order = ("current", "password", "again")
