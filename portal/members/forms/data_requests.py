"""Forms of requests that members make about their own data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.members.choices import DataRequestKind, DataRequestState
from portal.web.forms import PortalForm


class DataRequestForm(PortalForm):
    """A form in which members describe their request in their own words."""

    words = forms.CharField(label=_("In your own words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class DataRequestSettleForm(PortalForm):
    """A form for the answer to a request: what was done, or why not.

    Of a deletion that is done nothing is kept.
    """

    takes_object = True

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(state.value, state.label) for state in (DataRequestState.DONE, DataRequestState.REFUSED)],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to the person"),
        help_text=_("What was done, or why it cannot be done. The person will see exactly this text."),
        min_length=2,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        if about.kind == DataRequestKind.DELETE:
            self.fields["answer"].help_text = _(
                "If the request is rejected, the person will see this text; "
                "if it is done, the text is erased with the person's data."
            )
