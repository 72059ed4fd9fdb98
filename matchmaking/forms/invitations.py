"""Forms of invitations to restricted events."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_line
from portal.organizations.models import Organization
from portal.web.forms import PortalForm


class TermForm(PortalForm):
    """A term to look up a person: name, mobile or identity number."""

    term = forms.CharField(label=_("Name, mobile or identity number"), max_length=60)


class UnitPickForm(PortalForm):
    """A unit below the organisation of an event, by its name in the portal."""

    takes_object = True

    unit = forms.CharField(label=_("Unit name"), max_length=100, help_text=_("As it appears in the portal."))

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = about

    def clean_unit(self):
        inside = Organization.objects.filter(path__startswith=self.about.organization.path, closed_on=None)
        found = inside.filter(name=clean_line(self.cleaned_data["unit"]))[:2]
        if len(found) != 1:
            raise forms.ValidationError(_("There is no unit with this name below your organisation."))
        return found[0]
