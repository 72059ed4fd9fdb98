"""The form of a transfer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.members.selectors import rosters_of
from portal.organizations.models import Organization
from portal.web.forms import PortalForm


class TransferForm(PortalForm):
    """A form for a transfer request: the unit that requests, and the person.

    ``offered`` are the actor's rosters to choose from.
    """

    takes_actor = True
    about_others = True

    organization = forms.ModelChoiceField(label=_("Requesting unit"), queryset=Organization.objects.none())
    identity_number = forms.CharField(
        label=_("Identity number"), help_text=_("18 characters, as on the identity card."), max_length=30
    )

    def __init__(self, *args, actor, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = rosters_of(actor)
        self.offer("organization", offered)
