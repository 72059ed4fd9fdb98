"""Forms of the day of an event."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class DoorForm(PortalForm):
    """A check-in code or a card number, typed at the entrance."""

    code = forms.CharField(
        label=_("Check-in code or card number"),
        max_length=12,
        help_text=_("Six digits from the participant's phone, or the number on their card, such as W012."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "inputmode": "text"}),
    )


class SeatsForm(PortalForm):
    """The number of tables."""

    tables = forms.IntegerField(
        label=_("Number of tables"),
        required=False,
        help_text=_("Leave empty if there is a table for everybody on the shorter list."),
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )


class RoundForm(PortalForm):
    """Starts the next round; ``after`` is the round that the organiser sees."""

    after = forms.IntegerField(widget=forms.HiddenInput)


class WalkInForm(PortalForm):
    """A participant's card and consent, entered at check-in without a sign-up."""

    line = forms.CharField(
        label=_("One-line introduction"),
        help_text=_("The first thing others read. Please do not give your name, unit or contact details."),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 120}),
    )
    agree = forms.BooleanField(
        label=_("I have read who sees what, and I agree to take part"),
        error_messages={"required": _("To take part, please tick the box to agree.")},
    )
