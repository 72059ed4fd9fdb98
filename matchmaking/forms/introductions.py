"""Forms of introductions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.introductions import Answer, Impression
from portal.core.bounds import PLANNED
from portal.core.form_fields import MomentFormField
from portal.web.forms import PortalForm


class ProposeForm(PortalForm):
    words = forms.CharField(
        label=_("Reason for the introduction"),
        help_text=_(
            "For your own list only: the two people see what the portal finds in common. "
            "Please do not give a name, unit or contact details."
        ),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 120}),
    )


class IntroductionAnswerForm(PortalForm):
    answer = forms.ChoiceField(
        label=_("Would you like to meet?"),
        choices=[(Answer.YES, Answer.YES.label), (Answer.NO, Answer.NO.label)],
        widget=forms.RadioSelect,
    )


class PassOnForm(PortalForm):
    agree = forms.BooleanField(label=_("I agree to exchange names and numbers with this person"), required=False)


class CallForm(PortalForm):
    agree = forms.BooleanField(label=_("My matchmaker may see my name and number"), required=False)


class MeetingForm(PortalForm):
    meets_at = MomentFormField(
        span=PLANNED,
        label=_("Meeting time"),
        help_text=_("For a first meeting, a public place during the day is best."),
    )


class FeedbackForm(PortalForm):
    impression = forms.ChoiceField(label=_("How was it?"), choices=Impression.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Only your matchmaker can read it; the other person never does."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600}),
    )
