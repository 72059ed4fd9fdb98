"""Forms of follow-ups of pairs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.follow_ups import FollowUpResult
from matchmaking.models import FollowUp
from portal.web.forms import PortalForm


class FollowUpForm(PortalForm):
    about_others = True

    result = forms.ChoiceField(label=_("Result"), choices=FollowUpResult.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Note"),
        help_text=_(
            "Only you and the organisers of the event can read this. Do not write about health, income or other people."
        ),
        max_length=FollowUp._meta.get_field("words").text_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
