"""Forms of the steps of a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.form_fields import DayFormField
from portal.web.forms import PortalForm
from rights.choices.cases import StepKind


class StepForm(PortalForm):
    about_others = True

    kind = forms.ChoiceField(
        label=_("Step"),
        choices=StepKind.choices,
        help_text=_("Mediation, arbitration, award and legal aid start a legal deadline."),
    )
    on = DayFormField(label=_("Day"), help_text=_("The day on which it was done, not today's date."))
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Only those who handle the case read it, not the applicant."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )


class StepDoneForm(PortalForm):
    on = DayFormField(label=_("Day on which it came"))
