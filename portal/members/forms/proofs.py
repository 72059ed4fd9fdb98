"""Forms for confirming the person behind an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_code
from portal.members.choices import SightingMeans
from portal.web.forms import CodeInput, PortalForm


class RecoveryForm(PortalForm):
    code = forms.CharField(
        label=_("Recovery code"),
        help_text=_("Twelve letters and digits, as on the paper."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class SeenForm(PortalForm):
    about_others = True

    how = forms.ChoiceField(
        label=_("How"),
        choices=[(means.value, means.label) for means in (SightingMeans.IN_PERSON, SightingMeans.VIDEO)],
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label=_("The code that the person reads out"), max_length=8, widget=CodeInput(attrs={"autocomplete": "off"})
    )


class PeopleConfirmForm(PortalForm):
    """A form for the codes that phones show, one a line or separated by blanks."""

    about_others = True

    codes = forms.CharField(
        label=_("Codes on the people's phones"),
        help_text=_("Eight digits each; one per line if there are several people, thirty at most."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "numeric", "spellcheck": "false"}),
    )
    how = forms.ChoiceField(
        label=_("How"),
        choices=[(means.value, means.label) for means in (SightingMeans.IN_PERSON, SightingMeans.VIDEO)],
        initial=SightingMeans.IN_PERSON,
        widget=forms.RadioSelect,
    )

    def clean_codes(self):
        digits = "".join(sign for sign in clean_code(self.cleaned_data["codes"]) if sign.isdecimal())
        if not digits or len(digits) % 8 or len(digits) > 30 * 8:
            raise forms.ValidationError(_("Each code has eight digits. Compare them with the phones."), code="codes")
        return list(dict.fromkeys(digits[at : at + 8] for at in range(0, len(digits), 8)))
