"""Forms of the day."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class DoorForm(PortalForm):
    """A code typed at the door, or a card number."""

    code = forms.CharField(
        label=_("Code or card number"),
        max_length=12,
        help_text=_("Six digits from her phone, or the number on her card, such as W012."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "inputmode": "text"}),
    )


class SeatsForm(PortalForm):
    """How many tables there are."""

    tables = forms.IntegerField(
        label=_("Tables"),
        required=False,
        help_text=_("Leave it empty when there is a table for everybody of the shorter list."),
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )


class RoundForm(PortalForm):
    """Begins the next round; ``after`` is the round that the organiser sees."""

    after = forms.IntegerField(widget=forms.HiddenInput)


class WalkInForm(PortalForm):
    """A card and an agreement at the door."""

    line = forms.CharField(
        label=_("A line about yourself"),
        help_text=_("The first thing others read. Please no name, unit or contact."),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 120}),
    )
    agree = forms.BooleanField(
        label=_("I have read who sees what, and I agree to take part"),
        error_messages={"required": _("To take part, please tick that you agree.")},
    )
