"""Forms for copying events and changing published events."""

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
    starts_at = MomentFormField(
        span=PLANNED, label=_("Begins"), help_text=_("All other times move by the same amount.")
    )

    def clean_title(self):
        return clean_prose(self.cleaned_data["title"])

    def clean_starts_at(self):
        starts_at = self.cleaned_data["starts_at"]
        if starts_at <= timezone.now():
            raise forms.ValidationError(_("Choose a time in the future."))
        return starts_at


class EventChangeForm(VenueLaterMixin, PortalModelForm):
    """Times, venue and link of a published event."""

    takes_actor = True

    purpose_note = forms.CharField(
        label=_("The purpose of the event has changed"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Fill this in only if the purpose has changed, in one sentence for participants. Each "
            "participant is asked to agree again, and their card is hidden until they do."
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
            "balance_tolerance": _(
                "Leave empty to keep the lists independent. With 3, a list may "
                "have at most three people more than the other."
            ),
            "unit_cap": _("Leave empty for no limit."),
        }
