"""Forms of copies of events and changes of public events."""

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.forms.events import VenueLaterMixin
from matchmaking.models import MatchEvent, Venue
from portal.core.bounds import PLANNED
from portal.core.form_fields import MomentFormField
from portal.core.text import clean_prose
from portal.web.forms import PortalForm, PortalModelForm


class EventCopyForm(PortalForm):
    title = forms.CharField(label=_("Title"), max_length=60)
    starts_at = MomentFormField(span=PLANNED, label=_("Begins"), help_text=_("All other times move by as much."))

    def clean_title(self):
        return clean_prose(self.cleaned_data["title"])

    def clean_starts_at(self):
        starts_at = self.cleaned_data["starts_at"]
        if starts_at <= timezone.now():
            raise forms.ValidationError(_("Choose a time that lies ahead."))
        return starts_at


class EventChangeForm(VenueLaterMixin, PortalModelForm):
    """Times, venue and link of a published event."""

    takes_actor = True

    purpose_note = forms.CharField(
        label=_("What the event is for has changed"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Fill it in only then, in a sentence for participants. Each is asked to agree anew, and her card is hidden"
            " until she does."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = MatchEvent
        fields = (
            "venue",
            "place",
            "starts_at",
            "ends_at",
            "signup_closes_at",
            "choice_opens_at",
            "choice_closes_at",
        )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        venues = Venue.objects.visible_to(actor).filter(active=True).order_by("region_id", "name")
        self.fields["venue"].queryset = venues | Venue.objects.filter(pk=self.instance.venue_id)
        self.helper.layout = Layout(
            "venue",
            "place",
            Div("starts_at", "ends_at", css_class="form-pair"),
            "signup_closes_at",
            Div("choice_opens_at", "choice_closes_at", css_class="form-pair"),
            "purpose_note",
            "version",
        )


class EventQuotasForm(VenueLaterMixin, PortalModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = MatchEvent
        fields = ("men_quota", "women_quota", "balance_tolerance", "unit_cap")
        help_texts = {
            "balance_tolerance": _("Empty: the lists are independent. With 3 a list is at most three people longer."),
            "unit_cap": _("Empty: any number."),
        }
