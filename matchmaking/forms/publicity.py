"""Forms of nominations and media releases."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from matchmaking.models import MatchEvent, MediaRelease, Nomination
from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.members.identity import read_phone
from portal.organizations.forms import PlaceField
from portal.organizations.selectors import places_kept
from portal.web.forms import PhoneInput, PortalForm, PortalModelForm


def typed_phone(text):
    """Return the typed phone number; raise ValidationError with a message if it is none."""
    try:
        return read_phone(text, demo=settings.ALLOW_DEMO_PEOPLE)
    except DomainError as error:
        raise forms.ValidationError(error.message, code=error.code) from None


class NominationForm(PortalModelForm):
    """Proposes a person found by phone number, which appears neither in a URL nor on the page."""

    takes_actor = True
    about_others = True

    organization = PlaceField(label=_("Organisation"))
    phone = forms.CharField(
        label=_("Mobile number of the person"),
        help_text=_(
            "A member at or below this organisation. The person is asked first; nothing is passed on before they agree."
        ),
        max_length=24,
        widget=PhoneInput,
    )

    class Meta:
        model = Nomination
        fields = ("medium", "programme", "purpose")
        help_texts = {"purpose": _("The person reads this sentence before agreeing.")}

    field_order = ("organization", "phone", *Meta.fields)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)

    def clean_phone(self):
        return typed_phone(self.cleaned_data["phone"])


class NominationAnswerForm(PortalForm):
    """Yes or no to one medium for one purpose; there is no third choice and no default."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("I agree to this only")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )


# Publications usually concern recent events.
EVENTS_OFFERED = 100


class ReleaseForm(PortalModelForm):
    takes_actor = True

    organization = PlaceField(label=_("Organisation"))
    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")

    class Meta:
        model = MediaRelease
        fields = ("title", "medium", "outlet", "published_on", "event", "url")

    field_order = ("organization", *Meta.fields)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        if "organization" in self.fields:
            self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)
        held = MatchEvent.objects.visible_to(actor).held().order_by("-starts_at")
        self.fields["event"].queryset = held
        self.offer("event", held[:EVENTS_OFFERED])


class ReleaseUpdateForm(ReleaseForm):
    organization = None
    version = forms.IntegerField(widget=forms.HiddenInput)
