"""Forms of law sessions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.text import clean_prose
from portal.organizations.forms import KeptForm
from portal.web.forms import PortalForm
from rights.models import LawSession
from rights.models.law_sessions import MOST_VISITS


class LawSessionForm(KeptForm):
    area = Area.RIGHTS

    class Meta:
        model = LawSession
        fields = (
            "organization",
            "title",
            "kind",
            "speaker",
            "summary",
            "place",
            "starts_at",
            "ends_at",
            "places_total",
            "only_own",
        )
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "place": _("An address; for an online class, how to join it."),
            "only_own": _("Otherwise members of the whole province may sign up."),
        }

    def clean_title(self):
        return clean_prose(self.cleaned_data["title"])

    def clean_place(self):
        return clean_prose(self.cleaned_data["place"])


class LawSessionUpdateForm(LawSessionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(LawSessionForm.Meta):
        fields = LawSessionForm.Meta.fields[1:]


class VisitsForm(PortalForm):
    """Asks how many people came."""

    visits = forms.IntegerField(
        label=_("People who came"),
        min_value=0,
        max_value=MOST_VISITS,
        help_text=_("All who were there, also those who had not signed up."),
    )
