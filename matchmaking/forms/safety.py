"""Forms of blocks and reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.safety import ReportKind, SettledAs
from portal.web.forms import PortalForm


class ReportForm(PortalForm):
    """A report about a person: what happened, and for a person met at an event also the card number."""

    takes_object = True
    number = forms.CharField(label=_("Card number"), help_text=_("For example M012 or W007."), max_length=10)
    kind = forms.ChoiceField(label=_("What happened"), choices=ReportKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_(
            "One person above both your units reads this. The other person is not told that you reported them."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
    )
    block = forms.BooleanField(label=_("Also block this person"), required=False, initial=True)

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        if about.about is not None:
            del self.fields["number"]
        if about.kind == "block":
            del self.fields["block"]


class SettleForm(PortalForm):
    settled_as = forms.ChoiceField(label=_("Finding"), choices=SettledAs.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Answer to the person who reported"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
    )
    hold = forms.BooleanField(
        label=_("Suspend the profile of the reported person"),
        help_text=_("The profile does not appear in any search until you resume it."),
        required=False,
    )
