"""Forms of venues."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.forms.series import OwnedForm
from matchmaking.models import Venue
from portal.organizations.models import Region


class VenueForm(OwnedForm):
    class Meta:
        model = Venue
        fields = ("organization", "name", "kind", "region", "address", "capacity", "desk_phone", "notes", "active")
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"desk_phone": _("The phone number of the venue, not of a person.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.filter(statistical=False, level__gte=2)
        self.fields["region"].required = True


class VenueUpdateForm(VenueForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(VenueForm.Meta):
        fields = VenueForm.Meta.fields[1:]
