"""Forms for showing a masked field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.members.choices import RevealReason
from portal.web.forms import PortalForm


class RevealForm(PortalForm):
    """A form for the reason why somebody looks at a masked field."""

    reason = forms.ChoiceField(
        label=_("Why do you need to see it?"), choices=RevealReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In a few words"),
        help_text=_("Which matter this is about. Do not write names or numbers of people."),
        min_length=2,
        max_length=200,
    )
