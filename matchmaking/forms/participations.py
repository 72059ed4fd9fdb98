"""Forms of participations in events."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.exchange.pictures import picture_clean
from portal.web.forms import PortalForm


class AcceptForm(PortalForm):
    """Accepts an offered place; asks for the line and the consent where they are missing."""

    line = forms.CharField(
        label=_("One-line introduction"),
        help_text=_("The first thing others read. Please do not give your name, unit or contact details."),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 120}),
    )
    agree = forms.BooleanField(
        label=_("I have read who sees what, and I agree to take part"),
        error_messages={"required": _("To take part, please tick the box to agree.")},
    )

    def __init__(self, *args, asks_line, asks_consent, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_line:
            del self.fields["line"]
        if not asks_consent:
            del self.fields["agree"]


class AgreeAnewForm(PortalForm):
    agree = forms.BooleanField(
        label=_("I have read what changed, and I agree to take part"),
        error_messages={"required": _("To take part, please tick the box to agree.")},
    )


class JoinForm(PortalForm):
    """The card that others see, and the consent to take part."""

    line = forms.CharField(
        label=_("One-line introduction"),
        help_text=_("The first thing others read. Please do not give your name, unit or contact details."),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 120}),
    )
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("Only confirmed participants on the other list see it, during the choice round. At most 8 MB."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    agree = forms.BooleanField(
        label=_("I have read who sees what, and I agree to take part"),
        error_messages={"required": _("To take part, please tick the box to agree.")},
    )

    def __init__(self, *args, photos=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not photos:
            del self.fields["photo"]

    def clean_photo(self):
        upload = self.cleaned_data["photo"]
        if not upload:
            return None
        try:
            return picture_clean(upload)
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from None


class AgreeForm(PortalForm):
    """Two separate consents: exchange of contacts, and informing the matchmaker."""

    contact = forms.BooleanField(label=_("I agree to exchange names and numbers with this person"), required=False)
    matchmaker = forms.BooleanField(label=_("My matchmaker may be told, in order to help"), required=False)
