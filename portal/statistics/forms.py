"""Forms of the statistics floor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.statistics.suppression import LEAST
from portal.web.forms import PortalForm


class TargetsForm(PortalForm):
    """The targets of one organisation for one year, one field an indicator; an empty one sets none."""

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
    """What becomes of a table that is taken out."""

    leaves = forms.ChoiceField(
        label=_("Where does the table go?"),
        choices=[("inside", _("To the level above or below")), ("outside", _("Out of the union's reporting line"))],
        widget=forms.RadioSelect,
        help_text=_("Outside, numbers of 1 to %(most)s read “<%(least)s”, and what would give them away is hidden.")
        % {"most": LEAST - 1, "least": LEAST},
    )
