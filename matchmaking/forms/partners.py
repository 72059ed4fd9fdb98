"""Forms of partners of events."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.partners import PartnerKind
from portal.core.text import clean_line
from portal.organizations.models import Organization
from portal.web.forms import PortalForm


class PartnerForm(PortalForm):
    """A partner by name, or a union of the tree by its name there."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PartnerKind.choices)
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("For a union, the name as it appears in the portal: its staff can then see the figures."),
    )
    contribution = forms.CharField(label=_("Contribution"), max_length=120, required=False)

    def clean(self):
        data = super().clean()
        data["organization"] = None
        if data.get("kind") == PartnerKind.UNION and data.get("name"):
            found = Organization.objects.filter(name=clean_line(data["name"]), closed_on=None)[:2]
            if len(found) != 1:
                self.add_error("name", _("There is no union with this name. Copy it from the list of organisations."))
            else:
                data["organization"] = found[0]
        return data
