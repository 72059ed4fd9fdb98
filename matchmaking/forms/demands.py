"""Forms of events on demand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventDemand, EventTheme, MatchEvent
from matchmaking.services.demands import TAKING
from portal.core.choices import Area, Capability
from portal.core.text import clean_prose
from portal.organizations.models import Organization
from portal.organizations.selectors import places_kept
from portal.web.forms import PortalForm, PortalModelForm


class DemandForm(PortalModelForm):
    """A single's wish for an event."""

    class Meta:
        model = EventDemand
        fields = ("theme", "wish", "wanted_from", "wanted_until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = EventTheme.objects.filter(active=True)

    def clean_wish(self):
        return clean_prose(self.cleaned_data["wish"])


class UnitDemandForm(DemandForm):
    """A demand that staff submit on behalf of their unit."""

    takes_actor = True

    class Meta(DemandForm.Meta):
        fields = ("organization", "theme", "wish", "people", "wanted_from", "wanted_until")

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        paths = actor.reach(Area.MATCHMAKING, Capability.EDIT)
        self.fields["organization"].queryset = Organization.objects.filter(path__in=paths, closed_on=None)


class DemandMergeForm(PortalForm):
    """Merges several demands into one event: a planned one or a new draft."""

    takes_actor = True

    event = forms.ModelChoiceField(label=_("Event already planned"), queryset=MatchEvent.objects.none(), required=False)
    title = forms.CharField(label=_("Or title of a new event"), max_length=60, required=False)
    organization = forms.ModelChoiceField(label=_("Organiser"), queryset=Organization.objects.none(), required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        events = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(state__in=TAKING)
        self.fields["event"].queryset = events.order_by("-starts_at")
        self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)

    def clean(self):
        data = super().clean()
        if bool(data.get("event")) == bool(data.get("title")):
            raise forms.ValidationError(_("Choose an event, or enter a title for a new one."))
        if data.get("title") and not data.get("organization"):
            self.add_error("organization", _("Choose the organiser of the new event."))
        return data


class AnswerForm(PortalForm):
    answer = forms.CharField(label=_("Answer"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
