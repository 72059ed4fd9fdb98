"""Forms of photos of singles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.exchange.pictures import picture_clean
from portal.web.forms import PortalForm


class PhotoForm(PortalForm):
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, at most 8 MB. The time and place at which the photo was taken are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self):
        try:
            return picture_clean(self.cleaned_data["photo"])
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from None
