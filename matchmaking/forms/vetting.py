"""Forms of the vetting of profiles and appeals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.form_fields import DayFormField
from portal.web.forms import PortalForm


class AppealForm(PortalForm):
    words = forms.CharField(
        label=_("Reason for the appeal"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 1000}),
    )


class ConfirmUntilForm(PortalForm):
    until = DayFormField(
        span=VALIDITY,
        label=_("The confirmation is valid until (not included)"),
        help_text=_("At most one year from today."),
    )


class AppealDecideForm(PortalForm):
    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Upheld: the profile is confirmed")), ("no", _("Dismissed: the rejection remains valid"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    until = DayFormField(
        span=VALIDITY, label=_("If upheld, the confirmation is valid until (not included)"), required=False
    )
    answer = forms.CharField(
        label=_("Answer to the person"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300})
    )
