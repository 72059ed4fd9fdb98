"""Forms of pairs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.pairs import SAYINGS, STAGES, PairState
from portal.core.bounds import PAST
from portal.core.form_fields import DayFormField
from portal.web.forms import PortalForm

SAYING_WORDS = {
    PairState.DATING: _("We are dating"),
    PairState.ENGAGED: _("We are engaged"),
    PairState.REGISTERED: _("We are married"),
    PairState.ENDED: _("We have separated"),
}


class SayForm(PortalForm):
    """A person's statement about the state of the pair.

    Stages before the one that both have stated are not offered.
    """

    takes_object = True

    says = forms.ChoiceField(label=_("How are the two of you?"), widget=forms.RadioSelect)
    on = DayFormField(
        span=PAST,
        label=_("Day your marriage was registered"),
        help_text=_("Only if you are married: the date on the marriage certificate."),
        required=False,
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        now = STAGES.index(about.state) if about.state in STAGES else 0
        self.fields["says"].choices = [
            (state.value, SAYING_WORDS[state])
            for state in SAYINGS
            if state == PairState.ENDED or STAGES.index(state) >= now
        ]

    def clean(self):
        data = super().clean()
        if data.get("says") == PairState.REGISTERED and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Please enter the day on which your marriage was registered."))
        return data
