"""Forms of letters to units about events."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.letters import LetterTo
from portal.web.forms import PortalForm


class LetterForm(PortalForm):
    to = forms.ChoiceField(label=_("To"), choices=LetterTo.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=60)
    words = forms.CharField(label=_("Content"), max_length=600, widget=forms.Textarea(attrs={"rows": 6}))
