"""Forms of statistics."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.statistics.suppression import LEAST
from portal.web.forms import PortalForm


class TargetsForm(PortalForm):
    """The targets of one organisation for one year, one field per indicator; an empty field sets none."""

    def __init__(self, *args, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        for code, label, unit in indicators:
            self.fields[code] = forms.DecimalField(
                label=f"{code} {label}",
                help_text=unit,
                required=False,
                min_value=0,
                max_digits=18,
                decimal_places=2,
            )


class TakeOutForm(PortalForm):
    """Asks whether an exported table stays within the reporting line or leaves it."""

    leaves = forms.ChoiceField(
        label=_("Who gets the table?"),
        choices=[("inside", _("To the level above or below")), ("outside", _("Outside the union's reporting line"))],
        widget=forms.RadioSelect,
        help_text=_(
            "For use outside, numbers from 1 to %(most)s are shown as “<%(least)s”, and "
            "figures from which they could be derived are hidden."
        )
        % {"most": LEAST - 1, "least": LEAST},
    )
