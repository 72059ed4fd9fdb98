"""Forms of budgets and costs."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.budgets import CostKind
from portal.core.choices import Area
from portal.organizations.models import Organization
from portal.organizations.selectors import places_kept
from portal.web.forms import PortalForm


class AmountField(forms.DecimalField):
    """Field for an amount in yuan with two decimal places (fen)."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=12, decimal_places=2, min_value=0, **kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")


class BudgetForm(PortalForm):
    takes_actor = True

    organization = forms.ModelChoiceField(label=_("Organisation"), queryset=Organization.objects.none())
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    planned = AmountField(label=_("Planned (yuan)"))

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)
        self.fields["year"].initial = timezone.localdate().year


class BudgetUpdateForm(PortalForm):
    planned = AmountField(label=_("Planned (yuan)"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class CostForm(PortalForm):
    kind = forms.ChoiceField(label=_("Purpose"), choices=CostKind.choices)
    planned = AmountField(label=_("Planned (yuan)"), initial=0)
    spent = AmountField(label=_("Spent (yuan)"), required=False, help_text=_("Leave empty until the bill has arrived."))
    note = forms.CharField(label=_("Note"), max_length=120, required=False)
