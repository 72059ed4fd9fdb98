"""Forms of the applicant: the code, the code typed back, a message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.receipts.codes import DIGITS, GROUP, LONGEST, code_clean
from portal.receipts.models import TEXT_LENGTH
from portal.web.forms import PortalForm

MISTYPED = _("This is not a receipt code: it has sixteen digits, and one of them may be mistyped. Please compare them.")
NOT_THE_SAME = _("This is not the code that is shown above. Please compare the digits.")
ONE_OF_BOTH = _("Type the code, or tick that you have written it down.")


class ReceiptCodeInput(forms.TextInput):
    """A receipt code: number keys, blanks and dashes allowed, not kept by the browser."""

    def __init__(self):
        keys = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "size": DIGITS + DIGITS // GROUP}
        super().__init__(keys)


class ReceiptCodeForm(PortalForm):
    """Asks for the receipt code; a typing error is found here, without a query."""

    code = forms.CharField(
        label=_("Receipt code"),
        help_text=_("The sixteen digits that you wrote down."),
        max_length=LONGEST,
        widget=ReceiptCodeInput,
    )

    def clean_code(self):
        code = code_clean(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(MISTYPED, code="mistyped")
        return code


class ReceiptNotedForm(PortalForm):
    """Asks for the new code once more, or for a confirmation; ``about`` is the code that is shown."""

    takes_object = True

    code = forms.CharField(
        label=_("Type the code once more"),
        help_text=_("This shows that you have written it down correctly."),
        max_length=LONGEST,
        required=False,
        widget=ReceiptCodeInput,
    )
    noted = forms.BooleanField(
        label=_("I have written the code down or photographed it. I know that nobody can give it to me again."),
        required=False,
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = about

    def clean(self):
        cleaned = super().clean()
        typed = cleaned.get("code", "")
        if typed and code_clean(typed) != code_clean(self.about):
            self.add_error("code", NOT_THE_SAME)
        elif not typed and not cleaned.get("noted"):
            raise forms.ValidationError(ONE_OF_BOTH, code="neither")
        return cleaned


class ReceiptMessageForm(PortalForm):
    """A message of the applicant or to the applicant."""

    text = forms.CharField(label=_("Message"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 5}))
