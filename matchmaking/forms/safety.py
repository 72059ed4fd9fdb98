"""Forms of blocks and reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.safety import ReportKind, SettledAs
from portal.web.forms import PortalForm


class ReportForm(PortalForm):
    """What happened; for somebody at an event also the card number."""

    takes_object = True
    number = forms.CharField(label=_("Card number"), help_text=_("Such as M012 or W007."), max_length=10)
    kind = forms.ChoiceField(label=_("What happened"), choices=ReportKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Read by one person above both your units. The other person is not told that you wrote."),
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
        label=_("Answer to the reporter"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000})
    )
    hold = forms.BooleanField(
        label=_("Hold the profile of the person reported"),
        help_text=_("It is out of every search until you let it go on."),
        required=False,
    )
