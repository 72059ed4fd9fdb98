"""Forms of reports from the door."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.reports import Trouble
from portal.web.forms import PortalForm

# What the button says for a room in order.
FINE = "fine"


class ReportTapForm(PortalForm):
    """One tap at the door; the note is optional."""

    trouble = forms.ChoiceField(label=_("What is wrong?"), choices=[*Trouble.choices, (FINE, _("All in order"))])
    note = forms.CharField(label=_("Note, without names"), max_length=200, required=False)


class ReportSettleForm(PortalForm):
    about_others = True

    answer = forms.CharField(
        label=_("What was done"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )
