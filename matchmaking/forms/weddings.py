"""Forms of group weddings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.models import GroupWedding
from portal.core.choices import Area
from portal.core.text import clean_prose
from portal.organizations.forms import PlaceField
from portal.organizations.selectors import places_kept
from portal.web.forms import PortalModelForm


class WeddingForm(PortalModelForm):
    class Meta:
        model = GroupWedding
        fields = ("title", "summary", "on", "place", "couples_most", "closes_at")
        widgets = {"summary": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "summary": _("What happens, what is provided and who may apply. Couples pay nothing."),
            "closes_at": _("Applications then close automatically."),
        }

    def clean_title(self):
        return clean_prose(self.cleaned_data["title"])


class WeddingCreateForm(WeddingForm):
    takes_actor = True

    organization = PlaceField(label=_("Organiser"))
    field_order = ("organization", *WeddingForm.Meta.fields)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)


class WeddingUpdateForm(WeddingForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
