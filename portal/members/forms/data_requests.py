"""Forms of requests about one's own data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.members.choices import DataRequestKind, DataRequestState
from portal.web.forms import PortalForm


class DataRequestForm(PortalForm):
    """What she asks for, in her own words."""

    words = forms.CharField(label=_("In your own words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class DataRequestSettleForm(PortalForm):
    """The answer to a request: what was done, or why not; of a deletion that is done nothing is kept."""

    takes_object = True

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(state.value, state.label) for state in (DataRequestState.DONE, DataRequestState.REFUSED)],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to her"),
        help_text=_("What was done, or why it cannot be done. She reads exactly this."),
        min_length=2,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        if about.kind == DataRequestKind.DELETE:
            self.fields["answer"].help_text = _("She reads it when it is refused; when it is done it goes with her.")
