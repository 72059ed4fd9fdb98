"""Forms of couples who apply for a group wedding."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.forms.publicity import typed_phone
from portal.core.bounds import PAST
from portal.core.form_fields import DayFormField
from portal.web.forms import PhoneInput, PortalForm


class CoupleAskForm(PortalForm):
    """Names the other person by phone number, which appears neither in a URL nor on the page."""

    phone = forms.CharField(
        label=_("Your partner's mobile number"),
        help_text=_("Your partner then sees your request on their own page of this wedding and confirms it there."),
        max_length=24,
        widget=PhoneInput(attrs={"autocomplete": "off"}),
    )
    registered_on = DayFormField(span=PAST,
        label=_("Marriage registered on"), help_text=_("Leave this empty if your marriage is not registered yet."),
        required=False,
    )  # fmt: skip
    agree = forms.BooleanField(
        label=_("I have read who sees what, and I agree"),
        error_messages={"required": _("To apply, please tick the box to agree.")},
    )

    def clean_phone(self):
        return typed_phone(self.cleaned_data["phone"])


class CoupleConfirmForm(PortalForm):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Yes, we apply together")), ("no", _("No, do not show me this again"))],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label=_("I have read who sees what, and I agree"), required=False)

    def clean(self):
        data = super().clean()
        if data.get("answer") == "yes" and not data.get("agree"):
            self.add_error("agree", _("To apply, please tick the box to agree."))
        return data
