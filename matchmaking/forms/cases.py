"""Forms of the cases of volunteer matchmakers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.cases import CaseBlock, ContactKind
from portal.core.bounds import PAST, PLANNED
from portal.core.form_fields import DayFormField, MomentFormField
from portal.core.text import clean_line
from portal.web.forms import PortalForm


class CaseForm(PortalForm):
    next_action = forms.CharField(
        label=_("Next step"), max_length=120, help_text=_("What you will do. Please do not give a name or number.")
    )
    next_due = DayFormField(span=PLANNED, label=_("Deadline"))
    block = forms.ChoiceField(label=_("Waiting for"), choices=CaseBlock.choices)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_next_action(self):
        return clean_line(self.cleaned_data["next_action"])


class ContactForm(PortalForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices, widget=forms.RadioSelect)
    at = MomentFormField(span=PAST, label=_("When"))
    words = forms.CharField(
        label=_("Note"),
        help_text=_("Encrypted. Only you can read it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
    )
